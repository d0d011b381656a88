// SPDX-License-Identifier: Apache-2.0
/// \file
/// Lists that versions of a network share until one of them changes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace rheobase {

/// Copying shares the list; `edit` gives this copy a list of its own first.
template <class T>
class SharedVector {
 public:
  using const_iterator = typename std::vector<T>::const_iterator;

  SharedVector() : list_(std::make_shared<std::vector<T>>()) {}

  [[nodiscard]] const T& operator[](std::size_t i) const { return (*list_)[i]; }
  [[nodiscard]] std::size_t size() const { return list_->size(); }
  [[nodiscard]] bool empty() const { return list_->empty(); }
  [[nodiscard]] const T* data() const { return list_->data(); }
  [[nodiscard]] const T& back() const { return list_->back(); }
  [[nodiscard]] const_iterator begin() const { return list_->cbegin(); }
  [[nodiscard]] const_iterator end() const { return list_->cend(); }
  [[nodiscard]] const std::vector<T>& list() const { return *list_; }
  [[nodiscard]] bool shares(const SharedVector& other) const { return list_ == other.list_; }

  [[nodiscard]] std::vector<T>& edit() {
    if (list_.use_count() > 1) {
      list_ = std::make_shared<std::vector<T>>(*list_);
    }
    return *list_;
  }

 private:
  std::shared_ptr<std::vector<T>> list_;
};

}  // namespace rheobase
