// SPDX-License-Identifier: Apache-2.0
// What there is: lists of areas, and areas by id.
#include <chrono>
#include <thread>

#include "rheobase/text.h"
#include "server/area_properties.h"
#include "server/routes.h"
#include "server/units.h"

namespace rheobase::server {
namespace {

Json all_properties(Context& c, const Served& now, const GenomeArea& area) {
  return properties_of(area, now.document, c.brain.counts_of(now, area.id));
}

Reply properties(Context& c, const Request& request) {
  const std::string id = text_in(object_in(request), "cortical_id");
  const std::shared_ptr<const Served> now = served(c);
  const GenomeArea* area = now->document.find(id);
  if (area == nullptr) {
    throw NoSuch("cortical area " + quoted_name(id) + " does not exist.");
  }
  return json_reply(all_properties(c, *now, *area));
}

Reply properties_of_several(Context& c, const Request& request) {
  const std::vector<std::string> ids = ids_in(request.json(), "cortical_id_list", "cortical_ids");
  // An agent asks for the areas of its configuration right behind it, on another connection: it is
  // given the time to be there first.
  constexpr auto kPatience = std::chrono::seconds(4);
  const auto begin = std::chrono::steady_clock::now();
  const auto missing = [&] {
    const std::shared_ptr<const Served> now = served(c);
    for (const std::string& id : ids) {
      if (now->document.find(id) == nullptr) {
        return true;
      }
    }
    return false;
  };
  while (missing() && c.agents.configuring() &&
         std::chrono::steady_clock::now() - begin < kPatience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::shared_ptr<const Served> now = served(c);
  Json found = Json::object();
  for (const std::string& id : ids) {
    if (const GenomeArea* area = now->document.find(id)) {
      found[id] = all_properties(c, *now, *area);
    }
  }
  return json_reply(found);
}

/// id -> what `tell` says of the area.
template <class Tell>
Reply by_id(const Context& c, Tell tell) {
  const std::shared_ptr<const Served> now = served(c);
  Json list = Json::object();
  for (const GenomeArea& area : now->document.areas()) {
    list[area.id] = tell(area, now->document);
  }
  return json_reply(list);
}

Json ids_where(const Context& c, const std::function<bool(const GenomeArea&)>& wanted) {
  const std::shared_ptr<const Served> now = served(c);
  Json list = Json::array();
  for (const GenomeArea& area : now->document.areas()) {
    if (wanted(area)) {
      list.push_back(area.id);
    }
  }
  return list;
}

Reply geometry(Context& c, const Request& /*request*/) { return by_id(c, geometry_of); }

Reply names_by_id(Context& c, const Request& /*request*/) {
  return by_id(c, [](const GenomeArea& area, const Document& /*d*/) { return Json(area.name()); });
}

Reply places_2d(Context& c, const Request& /*request*/) {
  return by_id(c, [](const GenomeArea& area, const Document& /*d*/) {
    return Json::array({area.place_2d()[0], area.place_2d()[1]});
  });
}

Reply visibility(Context& c, const Request& /*request*/) {
  return by_id(c, [](const GenomeArea& area, const Document& /*d*/) {
    return Json(area.flag("cx-gd_vis-b", true));
  });
}

Reply id_list(Context& c, const Request& /*request*/) {
  return json_reply(
      {{"cortical_ids", ids_where(c, [](const GenomeArea& /*area*/) { return true; })}});
}

Reply name_list(Context& c, const Request& /*request*/) {
  const std::shared_ptr<const Served> now = served(c);
  Json list = Json::array();
  for (const GenomeArea& area : now->document.areas()) {
    list.push_back(area.name());
  }
  return json_reply({{"cortical_area_name_list", list}});
}

Reply inputs(Context& c, const Request& /*request*/) {
  return json_reply(ids_where(c, [](const GenomeArea& area) { return area.kind() == 'i'; }));
}
Reply outputs(Context& c, const Request& /*request*/) {
  return json_reply(ids_where(c, [](const GenomeArea& area) { return area.kind() == 'o'; }));
}
Reply input_types(Context& /*c*/, const Request& /*request*/) {
  return json_reply(types_of(input_units()));
}
Reply output_types(Context& /*c*/, const Request& /*request*/) {
  return json_reply(types_of(output_units()));
}
Reply kinds(Context& /*c*/, const Request& /*request*/) {
  return json_reply(Json::array({"sensory", "motor", "memory", "custom"}));
}
Reply none(Context& /*c*/, const Request& /*request*/) { return json_reply(Json::array()); }

}  // namespace

std::vector<Route> area_list_routes() {
  return {{"POST", "cortical_area/cortical_area_properties", properties},
          {"POST", "cortical_area/multi/cortical_area_properties", properties_of_several},
          {"GET", "cortical_area/cortical_area/geometry", geometry},
          {"GET", "cortical_area/cortical_id_name_mapping", names_by_id},
          {"GET", "cortical_area/cortical_locations_2d", places_2d},
          {"GET", "cortical_area/cortical_visibility", visibility},
          {"GET", "cortical_area/cortical_area_id_list", id_list},
          {"GET", "cortical_area/cortical_area_name_list", name_list},
          {"GET", "cortical_area/ipu", inputs},
          {"GET", "cortical_area/opu", outputs},
          {"GET", "cortical_area/ipu/types", input_types},
          {"GET", "cortical_area/opu/types", output_types},
          {"GET", "cortical_area/cortical_types", kinds, true},
          {"GET", "cortical_area/classifiers", none, true}};
}

}  // namespace rheobase::server
