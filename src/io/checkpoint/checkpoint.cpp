// SPDX-License-Identifier: Apache-2.0
#include "rheobase/checkpoint.h"

#include <utility>

#include "io/checkpoint/checkpoint.h"
#include "io/checkpoint/network_sections.h"
#include "io/checkpoint/state_sections.h"
#include "io/text_file.h"
#include "io/what_is.h"
#include "platform/output_file.h"
#include "rheobase/error.h"

namespace rheobase {

bool checkpoint::is_checkpoint(std::string_view bytes) { return bytes.starts_with(kMagic); }

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  platform::OutputFile file(path);
  checkpoint::SectionWriter out([&](std::string_view bytes) { file.append(bytes); });
  checkpoint::write_network(out, *checkpoint.network.data());
  checkpoint::write_state(out, checkpoint.state);
  checkpoint::write_engine(out, checkpoint);
  out.finish();
  file.commit();
}

namespace {

Checkpoint read_sections(checkpoint::SectionReader in) {
  try {
    Checkpoint read{Network(checkpoint::read_network(in)), {}, 1, {}, {}, {}, {}, {}, 0, {}, {}};
    read.state = checkpoint::read_state(in, *read.network.data());
    checkpoint::read_engine(in, read);
    in.finish();
    return read;
  } catch (const Error& error) {
    // numbers that each are possible, but not together
    if (error.code() == ErrorCode::out_of_range || error.code() == ErrorCode::invalid_argument) {
      in.fail(error.what());
    }
    throw;
  }
}

std::string read_file(const std::string& path) {
  std::string bytes = read_text_file(path);
  refuse_other_kinds(path, bytes, FileKind::checkpoint, kWantedCheckpoint);
  return bytes;
}

}  // namespace

Checkpoint read_checkpoint(std::string_view bytes, const std::string& name) {
  return read_sections(checkpoint::SectionReader(bytes, name));
}

checkpoint::NetworkAlone checkpoint::read_network_alone(std::string_view bytes,
                                                        const std::string& name) {
  Checkpoint read = read_sections(SectionReader(bytes, name, true));
  return {std::move(read.network), read.state.burst};
}

Checkpoint load_checkpoint(const std::string& path) {
  return read_checkpoint(read_file(path), path);
}

Network network_of_checkpoint(const std::string& path) {
  return checkpoint::read_network_alone(read_file(path), path).network;
}

}  // namespace rheobase
