// SPDX-License-Identifier: Apache-2.0
#include "io/session/event_codec.h"

#include <utility>

#include "io/checkpoint/section_values.h"
#include "io/session/edit_codec.h"

namespace rheobase::session {
namespace {

using checkpoint::SectionReader;
using checkpoint::SectionWriter;

// the order of SessionEvent::what
enum class Kind : std::uint8_t { input, schedule, edit, fatigue, potential, jump, mark };

template <class T>
void put_list(SectionWriter& out, const std::vector<T>& list) {
  out.put(static_cast<std::uint64_t>(list.size()));
  out.put_all(list);
}
template <class T>
std::vector<T> get_list(SectionReader& in) {
  return in.get_all<T>(in.get<std::uint64_t>());
}

struct Put {
  SectionWriter& out;

  void operator()(const SessionInput& input) const {
    put_list(out, input.ids);
    put_list(out, input.potentials);
    put_list(out, input.ports);
  }
  void operator()(const InputSchedule& input) const {
    put_list(out, input.bursts);
    put_list(out, input.ids);
    put_list(out, input.potentials);
    put_list(out, input.ports);
  }
  void operator()(const NetworkEdit& edit) const { put_edit(out, edit); }
  void operator()(const SessionFatigue& fatigue) const {
    out.put(std::uint8_t{fatigue.amount.has_value()});
    out.put(fatigue.amount.value_or(0.0F));
  }
  void operator()(const SessionPotential& set) const {
    out.put(set.id);
    out.put(set.potential);
  }
  void operator()(const SessionJump& jump) const { out.put_text(jump.file); }
  void operator()(const SessionMark& mark) const {
    out.put(mark.signature);
    out.put(std::uint8_t{mark.last});
  }
};

}  // namespace

void put_event(SectionWriter& out, const SessionEvent& event) {
  out.put(static_cast<std::uint8_t>(event.what.index()));
  out.put(event.after);
  std::visit(Put{out}, event.what);
}

SessionEvent get_event(SectionReader& in) {
  const auto kind = checkpoint::get_choice(in, Kind::mark);
  SessionEvent event;
  event.after = in.get<std::uint64_t>();
  switch (kind) {
    case Kind::input: {
      SessionInput input;
      input.ids = get_list<NeuronId>(in);
      input.potentials = get_list<float>(in);
      input.ports = get_list<std::uint32_t>(in);
      event.what = std::move(input);
      break;
    }
    case Kind::schedule: {
      InputSchedule input;
      input.bursts = get_list<std::uint64_t>(in);
      input.ids = get_list<NeuronId>(in);
      input.potentials = get_list<float>(in);
      input.ports = get_list<std::uint32_t>(in);
      event.what = std::move(input);
      break;
    }
    case Kind::edit: event.what = get_edit(in); break;
    case Kind::fatigue: {
      const bool on = checkpoint::get_flag(in);
      const auto amount = in.get<float>();
      event.what = SessionFatigue{on ? std::optional<float>(amount) : std::nullopt};
      break;
    }
    case Kind::potential: {
      const auto id = in.get<std::uint32_t>();
      event.what = SessionPotential{id, in.get<float>()};
      break;
    }
    case Kind::jump: event.what = SessionJump{in.get_text()}; break;
    case Kind::mark: {
      const auto signature = in.get<std::uint64_t>();
      event.what = SessionMark{signature, checkpoint::get_flag(in)};
      break;
    }
  }
  return event;
}

}  // namespace rheobase::session
