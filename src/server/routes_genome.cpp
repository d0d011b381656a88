// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rheobase/error.h"
#include "rheobase/program.h"
#include "rheobase/text.h"
#include "server/routes.h"

namespace rheobase::server {

std::string file_of_form(const Request& request) {
  constexpr std::string_view kBoundary = "boundary=";
  const std::size_t at = request.content_type.find(kBoundary);
  if (at == std::string::npos) {
    throw Error(ErrorCode::invalid_argument,
                "a form with a file is required (multipart/form-data with a boundary).");
  }
  std::string boundary = request.content_type.substr(at + kBoundary.size());
  boundary = boundary.substr(0, boundary.find(';'));
  if (boundary.size() > 1 && boundary.front() == '"') {
    boundary = boundary.substr(1, boundary.size() - 2);
  }
  boundary = "--" + boundary;
  const std::string& body = request.body;
  std::size_t begin = body.find(boundary);
  while (begin != std::string::npos) {
    const std::size_t head_end = body.find("\r\n\r\n", begin);
    const std::size_t end = body.find("\r\n" + boundary, begin + boundary.size());
    if (head_end == std::string::npos || end == std::string::npos || end < head_end) {
      break;
    }
    const std::string head = body.substr(begin, head_end - begin);
    if (head.find("name=\"file\"") != std::string::npos) {
      return body.substr(head_end + 4, end - head_end - 4);
    }
    begin = end + 2;
  }
  throw Error(ErrorCode::invalid_argument, "the form has no field \"file\".");
}

namespace {

Json loaded(const Context& c) {
  const std::shared_ptr<const Served> now = served(c);
  return {{"success", true},
          {"cortical_area_count", now->document.areas().size()},
          {"brain_region_count", now->document.regions().size()}};
}

Reply upload_barebones(Context& c, const Request& /*request*/) {
  c.brain.load(Document::barebones().text(), "the barebones genome");
  Json reply = loaded(c);
  reply["genome_id"] = "current";
  reply["genome_title"] = "Current Genome";
  reply["message"] = "barebones genome loaded successfully";
  return json_reply(reply);
}

/// FEAGI's own genome, where somebody put it into the folder of genomes.
Reply upload_essential(Context& c, const Request& /*request*/) {
  const std::filesystem::path path = std::filesystem::path(c.genome_folder) / "essential.genome";
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return error_reply(501,
                       "the essential genome is a file of FEAGI's own, which does not come with "
                       "Rheobase. Put it into the folder of genomes as essential.genome.");
  }
  std::ostringstream bytes;
  bytes << file.rdbuf();
  c.brain.load(bytes.str(), path.string());
  Json reply = loaded(c);
  reply["genome_id"] = "current";
  reply["genome_title"] = served(c)->document.title();
  reply["message"] = "essential genome loaded successfully";
  return json_reply(reply);
}

Reply upload(Context& c, const Request& request) {
  c.brain.load(request.body, "the genome that was uploaded");
  Json reply = loaded(c);
  reply["message"] = "Genome uploaded successfully";
  return json_reply(reply);
}

Reply upload_file(Context& c, const Request& request) {
  c.brain.load(file_of_form(request), "the genome that was uploaded");
  Json reply = loaded(c);
  reply["message"] = "Genome uploaded successfully";
  return json_reply(reply);
}

Reply download(Context& c, const Request& /*request*/) {
  return {200, served(c)->document.text(), "application/vnd.feagi.genome+json",
          "attachment; filename=\"genome.genome\""};
}

/// A path within the folder of genomes. \throws Error invalid_argument for any other.
std::filesystem::path path_to_save(const Context& c, const std::string& wanted) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path folder = fs::weakly_canonical(fs::absolute(c.genome_folder), ignored);
  const fs::path path = fs::weakly_canonical(folder / wanted, ignored);  // absolute ones stay
  const fs::path below = path.lexically_relative(folder);
  if (wanted.empty() || below.empty() || *below.begin() == ".." || below == "." ||
      path.extension() != ".genome") {
    throw Error(ErrorCode::invalid_argument,
                "a genome cannot be saved as " + quoted_name(wanted) + " (it has to lie in " +
                    quoted_name(folder.string()) +
                    " and end in .genome). Choose another name, or start the server with "
                    "--genome-folder.");
  }
  return path;
}

Reply save(Context& c, const Request& request) {
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  const std::string wanted =
      text_in(request.json(), "file_path", "saved_genome_" + number_text(now) + ".genome");
  const std::filesystem::path path = path_to_save(c, wanted);
  write_file(path.string(), served(c)->document.text());
  return json_reply({{"message", "Genome saved successfully"}, {"file_path", path.string()}});
}

Reply changes(Context& c, const Request& request) {
  std::uint64_t since = 0;
  if (const auto text = request.parameter("since")) {
    const auto number = whole_of(parse_json(*text, "since"), 0, 1ULL << 53U);
    if (!number) {
      throw Error(ErrorCode::invalid_argument, "since is no whole number.");
    }
    since = *number;
  }
  return json_reply(c.brain.changes_since(since));
}

Reply circuits(Context& /*c*/, const Request& /*request*/) { return json_reply(Json::array()); }
Reply file_name(Context& /*c*/, const Request& /*request*/) {
  return json_reply({{"genome_file_name", ""}});
}

}  // namespace

std::vector<Route> genome_routes() {
  return {{"POST", "genome/upload/barebones", upload_barebones},
          {"POST", "genome/upload/essential", upload_essential},
          {"POST", "genome/upload", upload},
          {"POST", "genome/upload/file", upload_file},
          {"GET", "genome/download", download},
          {"POST", "genome/save", save},
          {"GET", "genome/changes", changes, true},
          {"GET", "genome/circuits", circuits, true},
          {"GET", "genome/file_name", file_name, true}};
}

}  // namespace rheobase::server
