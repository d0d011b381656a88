# SPDX-License-Identifier: Apache-2.0
"""genome_client.py GENOME: FEAGI's genome API; what came of it, as one line of JSON."""

import json
import pathlib
import sys

import requests
from feagi.genome import GenomeAPI

URL = "http://127.0.0.1:8000"
api = GenomeAPI(URL, timeout=60.0)
api.upload(json.loads(pathlib.Path(sys.argv[1]).read_text()))
before = len(api.list_cortical_area_ids())
regions = requests.get(f"{URL}/v1/region/regions_members", timeout=10).json()
inner = next(k for k, v in regions.items() if v["parent_region_id"])
refusals = 0


def refused(call, *arguments):
    global refusals
    try:
        call(*arguments)
    except Exception:
        refusals += 1


refused(api.add_custom_cortical_area, "x", (1, 1, 1), (0, 0, 0))
area = api.add_custom_cortical_area("golden_box", (3, 2, 4), (5, -6, 7), brain_region_id=inner)["cortical_id"]
areas = len(api.list_cortical_area_names())
api.update_cortical_area(area, {"cortical_name": "golden_box2", "coordinates_3d": [9, 9, 9]})
api.update_cortical_area(area, {"firing_threshold": 3.5, "refractory_period": 2})
properties = api.get_cortical_area_properties(area)
api.remove_cortical_area(area)
refused(api.get_cortical_area_properties, area)
refused(api.upload, {"nonsense": 1})
downloaded = {key.split("-")[1] for key in api.download()["blueprint"]}
print(
    json.dumps(
        {
            "areas_before": before,
            "areas": areas,
            "moved": properties["coordinates_3d"],
            "threshold": properties["neuron_fire_threshold"],
            "refractory": properties["neuron_refractory_period"],
            "refusals": refusals,
            "downloaded": len(downloaded),
        }
    )
)
