// SPDX-License-Identifier: Apache-2.0
#include "network/staged_rows.h"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "rheobase/error.h"
#include "rheobase/text.h"

namespace rheobase {
namespace {

/// Bits of a word below its code.
template <class Word>
constexpr int kPlaceBits = sizeof(Word) == 4 ? static_cast<int>(kCompactKindShift) : 32;
template <class Word>
constexpr int kCodeBits = static_cast<int>(sizeof(Word) * 8) - kPlaceBits<Word>;

template <class Word>
std::uint32_t place_of(Word word) {
  return static_cast<std::uint32_t>(word & ((Word{1} << kPlaceBits<Word>)-1U));
}

template <class Word>
bool have_one_code(std::span<const Word> row) {
  Word differing = 0;
  for (const Word w : row) {
    differing |= w ^ row.front();
  }
  return (differing >> kPlaceBits<Word>) == 0;
}

/// Sorts words that are spread evenly, as random targets are: one pass puts each near its place,
/// and few steps are left for each. Where they are not, it is std::sort that ends it.
template <class Word>
class EvenSort {
 public:
  void operator()(std::span<Word> words) {
    constexpr std::size_t kFew = 24;
    if (words.size() < kFew) {
      std::sort(words.begin(), words.end());
      return;
    }
    const auto [least, most] = std::minmax_element(words.begin(), words.end());
    const Word base = *least;
    const std::size_t buckets = 2U * std::bit_floor(words.size());
    const int shift = std::max(0, static_cast<int>(std::bit_width(*most - base)) -
                                      static_cast<int>(std::bit_width(buckets - 1U)));
    ends_.assign(buckets, 0);
    for (const Word w : words) {
      ++ends_[(w - base) >> shift];
    }
    std::uint32_t end = 0;
    std::uint32_t fullest = 0;
    for (std::uint32_t& e : ends_) {
      fullest = std::max(fullest, e);
      end += e;
      e = end;
    }
    constexpr std::uint32_t kEven = 16;
    if (fullest > kEven) {
      std::sort(words.begin(), words.end());
      return;
    }
    spread_.resize(words.size());
    for (const Word w : words) {
      spread_[--ends_[(w - base) >> shift]] = w;
    }
    std::size_t i = 0;
    for (const Word w : spread_) {
      std::size_t at = i++;
      for (; at > 0 && words[at - 1U] > w; --at) {
        words[at] = words[at - 1U];
      }
      words[at] = w;
    }
  }

 private:
  std::vector<std::uint32_t> ends_;
  std::vector<Word> spread_;
};

/// Sorts rows by place, that is by delay and target.
template <class Word>
class RowSort {
 public:
  explicit RowSort(EqualPlaces equal) : equal_(equal) {}

  void operator()(std::span<Word> row) {
    if (row.empty() || is_sorted(row)) {
      return;
    }
    if (have_one_code(std::span<const Word>(row))) {
      sort_(row);
      return;
    }
    if (equal_ == EqualPlaces::as_made) {
      made_.assign(row.begin(), row.end());
    }
    // the place in the high bits, so that words are sorted as numbers
    for (Word& w : row) {
      w = std::rotl(w, kCodeBits<Word>);
    }
    sort_(row);
    bool some_equal = false;
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = std::rotr(row[i], kCodeBits<Word>);
      some_equal = some_equal || (i > 0 && place_of(row[i]) == place_of(row[i - 1U]));
    }
    if (some_equal && equal_ == EqualPlaces::as_made) {
      std::copy(made_.begin(), made_.end(), row.begin());
      std::stable_sort(row.begin(), row.end(),
                       [](Word a, Word b) { return place_of(a) < place_of(b); });
    }
  }

 private:
  [[nodiscard]] bool is_sorted(std::span<const Word> row) const {
    if (equal_ == EqualPlaces::as_made) {
      return std::is_sorted(row.begin(), row.end(),
                            [](Word a, Word b) { return place_of(a) < place_of(b); });
    }
    return std::is_sorted(row.begin(), row.end(), [](Word a, Word b) {
      return std::rotl(a, kCodeBits<Word>) < std::rotl(b, kCodeBits<Word>);
    });
  }

  EqualPlaces equal_;
  EvenSort<Word> sort_;
  std::vector<Word> made_;  ///< the row as it was
};

template <class Word>
void arrange(platform::ArenaVector<Word>& synapses, RowBlock& block,
             const std::vector<std::uint32_t>& ends, const StagedForm& form, EqualPlaces equal) {
  constexpr Word kCode = ~((Word{1} << kPlaceBits<Word>)-1U);
  RowSort<Word> sort(equal);
  std::uint32_t begin = 0;
  for (const std::uint32_t end : ends) {
    block.row_parts.push_back(static_cast<std::uint32_t>(block.parts.size()));
    const std::span<Word> row(synapses.data() + begin, end - begin);
    sort(row);
    if (form.one_delay()) {
      if (begin != end) {
        block.parts.push_back({begin, form.delay(0)});
      }
    } else {
      for (std::uint32_t i = begin; i < end; ++i) {
        const std::uint32_t place = place_of(synapses[i]);
        const std::uint32_t delay = form.delay(place);
        if (i == begin || block.parts.back().delay != delay) {
          block.parts.push_back({i, delay});
        }
        synapses[i] = (synapses[i] & kCode) | form.post(place);
      }
    }
    begin = end;
  }
  block.row_parts.push_back(static_cast<std::uint32_t>(block.parts.size()));
  block.parts.push_back({begin, 0});
}

}  // namespace

StagedForm::StagedForm(std::uint32_t targets, std::vector<std::uint32_t> delays, bool few_kinds)
    : delays_(std::move(delays)) {
  shift_ = static_cast<std::uint32_t>(std::bit_width(std::max(targets, 1U) - 1U));
  const auto delay_bits = static_cast<std::uint32_t>(std::bit_width(delays_.size() - 1U));
  compact_ = few_kinds && shift_ + delay_bits <= kCompactKindShift;
  if (shift_ + delay_bits > 32U) {
    throw Error(ErrorCode::out_of_range, "a network of " + number_text(targets) +
                                             " targets cannot have " + number_text(delays_.size()) +
                                             " different delays (at most " +
                                             number_text(std::uint64_t{1} << (32U - shift_)) +
                                             "). Round the delays, or lengthen dt.");
  }
  post_mask_ = one_delay() ? ~0U : (1U << shift_) - 1U;
}

std::uint32_t StagedForm::delay_bits(std::uint32_t delay) const {
  if (one_delay()) {
    return 0;
  }
  const auto found = std::lower_bound(delays_.begin(), delays_.end(), delay);
  return static_cast<std::uint32_t>(found - delays_.begin()) << shift_;
}

void arrange_block(RowBlock& block, const std::vector<std::uint32_t>& ends, const StagedForm& form,
                   EqualPlaces equal) {
  if (form.compact()) {
    arrange(block.compact, block, ends, form, equal);
  } else {
    arrange(block.wide, block, ends, form, equal);
  }
  block.row_parts.shrink_to_fit();
  block.parts.shrink_to_fit();
}

}  // namespace rheobase
