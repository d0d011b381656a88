# SPDX-License-Identifier: Apache-2.0
"""What FEAGI's editor changes of a brain that `rheobase serve` runs."""

from __future__ import annotations

import base64
import json
import pathlib
from typing import Any

from feagi_wire import (
    http,
)
from serving import (
    Server,
    rule,
)

import rheobase as rb


def test_areas_are_made_changed_copied_and_deleted(server: Server) -> None:
    before = server.get("system/health_check")
    box = server.make_area("golden_box")
    health = server.get("system/health_check")
    assert health["neuron_count"] == before["neuron_count"] + 24
    assert health["genome_change_sequence"] > before["genome_change_sequence"]
    for name in ("cortical_areas", "brain_geometry", "brain_regions"):
        assert health[f"{name}_hash"] != before[f"{name}_hash"]
    assert base64.b64decode(box)[:7] == b"cgolden"

    def properties() -> Any:
        return server.send("POST", "cortical_area/cortical_area_properties", {"cortical_id": box})

    assert properties()["neuron_count"] == 24 and properties()["coordinates_3d"] == [5, -6, 7]
    done = server.send(
        "PUT",
        "cortical_area/cortical_area",
        {
            "cortical_id": box,
            "cortical_name": "renamed",
            "coordinates_3d": {"x": 1, "y": 2, "z": -3},
            "neuron_fire_threshold": 2.5,
            "refractory_period": 3,
            "unheard_of": 1,
        },
    )
    assert done["cortical_id"] == box and "unheard_of" in done["message"]
    now = properties()
    assert (now["cortical_name"], now["coordinates_3d"]) == ("renamed", [1, 2, -3])
    assert (now["neuron_fire_threshold"], now["neuron_refractory_period"]) == (2.5, 3)
    status, sentence = server.refused(
        "PUT",
        "cortical_area/cortical_area",
        {"cortical_id": box, "cortical_name": "x", "neuron_fire_threshold": "high"},
    )
    assert (
        status == 400
        and "neuron_fire_threshold" in sentence
        and properties()["cortical_name"] == "renamed"
    )
    server.send(
        "PUT", "cortical_area/cortical_area", {"cortical_id": box, "cortical_dimensions": [4, 4, 1]}
    )
    server.send(
        "PUT",
        "cortical_area/multi/cortical_area",
        {"cortical_id_list": [box], "cortical_neuron_per_vox_count": 2},
    )
    assert properties()["neuron_count"] == 32
    assert (
        server.send("PUT", "cortical_area/reset", {"area_list": [box]})["results"][0][
            "neurons_reset"
        ]
        == 32
    )
    copy = server.send("POST", "cortical_area/clone", {"source_area_id": box, "new_name": "copy"})[
        "new_area_id"
    ]
    assert len(server.get("cortical_area/cortical_area_id_list")["cortical_ids"]) == 9
    server.send("DELETE", "cortical_area/multi/cortical_area", {"cortical_id_list": [box, copy]})
    assert server.get("system/health_check")["neuron_count"] == before["neuron_count"]
    assert server.refused("DELETE", "cortical_area/cortical_area", {"cortical_id": box})[0] == 500
    assert (
        server.refused("DELETE", "cortical_area/cortical_area", {"cortical_id": "X19fcG93ZXI="})[0]
        == 400
    )
    root = server.get("system/health_check")["brain_regions_root"]
    area = {"cortical_name": "x", "cortical_dimensions": [1, 1, 1], "coordinates_3d": [0, 0, 0]}
    assert server.refused("POST", "cortical_area/custom_cortical_area", area)[0] == 400
    assert (
        server.refused(
            "POST", "cortical_area/custom_cortical_area", {**area, "brain_region_id": root}
        )[0]
        == 500
    )
    assert server.refused("PUT", "cortical_area/cortical_area", b"{")[0] == 500


def test_mappings_and_rules(server: Server) -> None:
    a, b = server.make_area("a"), server.make_area("b")
    pair = {"src_cortical_area": a, "dst_cortical_area": b}
    assert server.send("POST", "cortical_mapping/mapping_properties", pair) == []
    put = "cortical_mapping/mapping_properties"
    assert (
        server.send("PUT", put, {**pair, "mapping_string": [rule("block_to_block")]})[
            "synapse_count"
        ]
        == 24
    )
    told = server.send("POST", put, pair)[0]
    assert told["morphology_scalar"] == [1, 1, 1] and told["synaptic_delay_bursts"] == 1
    assert server.get("cortical_area/cortical_map_detailed")[a][b] == [told]
    hashes = {server.get("system/health_check")["cortical_mappings_hash"]}
    status, sentence = server.refused(
        "PUT", put, {**pair, "mapping_string": [rule("no_such_rule")]}
    )
    assert status == 500 and "no_such_rule" in sentence
    server.send(
        "POST",
        "morphology/morphology",
        {
            "morphology_name": "steps",
            "morphology_type": "vectors",
            "morphology_parameters": {"vectors": [[1, 0, 0]]},
        },
    )
    assert (
        server.send(
            "PUT", put, {**pair, "mapping_string": [rule("steps", synaptic_delay_bursts=2)]}
        )["synapse_count"]
        == 16
    )
    assert server.send("POST", "morphology/morphology_usage", {"morphology_name": "steps"}) == [
        [a, b]
    ]
    server.send(
        "PUT", "morphology/rename", {"old_morphology_id": "steps", "new_morphology_id": "strides"}
    )
    assert server.send("POST", put, pair)[0]["morphology_id"] == "strides"
    assert (
        server.refused("DELETE", "morphology/morphology", {"morphology_name": "strides"})[0] == 400
    )
    hashes.add(server.get("system/health_check")["cortical_mappings_hash"])
    neuron = server.get(f"cortical_area/voxel_neurons?cortical_id={a}&x=0&y=0&z=0&synapse_page=0")[
        "neurons"
    ][0]
    assert neuron["outgoing_synapse_count"] == 1 and neuron["outgoing_synapses"][0]["delay"] == 2
    assert server.send("PUT", put, {**pair, "mapping_string": []})["synapse_count"] == 0
    hashes.add(server.get("system/health_check")["cortical_mappings_hash"])
    assert len(hashes) == 3
    server.send("DELETE", "morphology/morphology", {"morphology_name": "strides"})


def test_regions(server: Server) -> None:
    inner, box = server.inner_region(), server.make_area("box")
    outer = server.send(
        "POST",
        "region/region",
        {"title": "outer", "parent_region_id": inner, "areas": [box], "coordinates_2d": [1, 2]},
    )["region_id"]
    regions = server.get("region/regions_members")
    assert regions[outer]["areas"] == [box] and outer in regions[inner]["regions"]
    server.send(
        "PUT",
        "region/region",
        {"region_id": outer, "region_title": "new", "coordinates_3d": [9, 9, 9]},
    )
    server.send(
        "PUT",
        "region/relocate_members",
        {outer: {"coordinate_2d": [8, 8]}, box: {"parent_region_id": inner}},
    )
    regions = server.get("region/regions_members")
    assert regions[outer]["title"] == "new" and regions[outer]["coordinate_3d"] == [9, 9, 9]
    assert regions[outer]["coordinate_2d"] == [8, 8] and box in regions[inner]["areas"]
    loop = {"region_id": inner, "parent_region_id": outer}
    assert server.refused("PUT", "region/region", loop)[0] == 400
    server.send("DELETE", "region/region", {"id": inner})
    assert box not in server.get("cortical_area/cortical_area_id_list")["cortical_ids"]


def test_what_is_saved_is_what_runs(server: Server, tmp_path: pathlib.Path) -> None:
    a, b = server.make_area("a"), server.make_area("b")
    mapping = {
        "src_cortical_area": a,
        "dst_cortical_area": b,
        "mapping_string": [rule("projector", 2)],
    }
    server.send("PUT", "cortical_mapping/mapping_properties", mapping)
    server.send(
        "PUT", "cortical_area/cortical_area", {"cortical_id": b, "neuron_fire_threshold": 1.5}
    )
    saved = server.send("POST", "genome/save", {"file_path": "mine.genome"})
    assert pathlib.Path(saved["file_path"]) == tmp_path / "mine.genome"
    (tmp_path / "loaded.genome").write_text(json.dumps(server.get("genome/download")))
    network = rb.load(str(tmp_path / "loaded.genome"))
    health = server.get("system/health_check")
    assert len(network.populations) == health["cortical_area_count"] == 9
    assert (health["neuron_count"], health["synapse_count"]) == (55, 24)
    for path in ("../out.genome", "/etc/x.genome", "mine.txt", ""):
        assert server.refused("POST", "genome/save", {"file_path": path})[0] == 400
    number = health["genome_num"]
    server.send("POST", "genome/upload", json.loads((tmp_path / "mine.genome").read_text()))
    again = server.get("system/health_check")
    assert again["genome_num"] == number + 1 and again["synapse_count"] == 24
    assert server.refused("POST", "genome/upload", {"nonsense": 1})[0] == 500
    assert server.get("system/health_check")["synapse_count"] == 24
    form = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="t"\r\n\r\n'
    form += (tmp_path / "mine.genome").read_bytes() + b"\r\n--xx--\r\n"
    status, answer = http(
        server.ports["http"],
        "POST",
        "genome/upload/file",
        form,
        {"content-type": "multipart/form-data; boundary=xx"},
    )
    assert status == 200 and answer["cortical_area_count"] == 9


def test_what_runs_is_what_the_genome_grows(program: str, tmp_path: pathlib.Path) -> None:
    state = tmp_path / "state"
    live = Server(program, tmp_path, "--checkpoint", str(state))
    live.send("POST", "genome/upload/barebones")
    a, b = live.make_area("a"), live.make_area("b")
    put = "cortical_mapping/mapping_properties"
    pairs = [{"src_cortical_area": s, "dst_cortical_area": d} for s, d in ((a, b), (b, a))]
    for pair in pairs:
        live.send("PUT", put, {**pair, "mapping_string": [rule("projector", 3)]})
    live.send("PUT", put, {**pairs[1], "mapping_string": [rule("block_to_block", -2)]})
    changes = {
        "firing_threshold": 2.5,
        "refractory_period": 3,
        "leak_coefficient": 0.25,
        "postsynaptic_current": 4.0,
        "psp_uniform_distribution": True,
        "mp_charge_accumulation": True,
    }
    live.send("PUT", "cortical_area/cortical_area", {"cortical_id": a, **changes})
    c = live.make_area("c", (2, 2, 2))
    live.send("PUT", put, {"src_cortical_area": a, "dst_cortical_area": c, "mapping_string": []})
    live.send("PUT", "cortical_area/cortical_area", {"cortical_id": c, "mp_driven_psp": True})
    (tmp_path / "saved.genome").write_text(json.dumps(live.get("genome/download")))
    live.end()
    running = rb.Engine.load(str(state)).network
    assert running.hash == rb.load(str(tmp_path / "saved.genome")).hash
