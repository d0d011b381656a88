# SPDX-License-Identifier: Apache-2.0
"""Regions that are cloned, genomes that become a region of another, memory areas that are looked at."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from feagi_wire import http
from serving import Server, rule


def mapped(server: Server, source: str, destination: str, morphology: str = "projector") -> None:
    mapping = {"src_cortical_area": source, "dst_cortical_area": destination}
    rules = {"mapping_string": [rule(morphology, 2)]}
    server.send("PUT", "cortical_mapping/mapping_properties", {**mapping, **rules})


def placed(server: Server, pending: Any, mode: str = "rewire_all", **more: str) -> Any:
    at = "circuit_origin_x=100&circuit_origin_y=-2&circuit_origin_z=3"
    query = f"{at}&amalgamation_id={pending['amalgamation_id']}&rewire_mode={mode}"
    return server.send("POST", f"genome/amalgamation_destination?{query}", more)


def test_a_region_is_cloned(server: Server) -> None:
    inner = server.inner_region()
    a, b = server.make_area("a"), server.make_area("b")
    mapped(server, a, b)
    mapped(server, "X19fcG93ZXI=", a)  # from outside: not part of the circuit
    clone = {"source_region_id": inner, "region_name": "copy"}
    pending = server.send("POST", "region/clone", clone)
    assert pending["circuit_size"] == [3, 2, 4]
    waiting = server.get("system/health_check")["amalgamation_pending"]
    assert waiting["genome_title"] == "copy"
    assert waiting["amalgamation_id"] == pending["amalgamation_id"]
    before = server.get("system/health_check")
    done = placed(server, pending)
    assert (done["imported_new_area_count"], done["imported_cortical_mappings"]) == (2, 1)
    health = server.get("system/health_check")
    assert health["amalgamation_pending"] is None
    assert health["neuron_count"] == before["neuron_count"] + 48
    assert health["synapse_count"] > before["synapse_count"]
    region = server.get("region/regions_members")[pending["amalgamation_id"]]
    assert region["title"] == "copy" and region["coordinate_3d"] == [100, -2, 3]
    assert region["parent_region_id"] == health["brain_regions_root"]
    made = region["areas"]
    assert len(made) == 2 and not {a, b} & set(made)
    geometry = server.get("cortical_area/cortical_area/geometry")
    assert all(geometry[area]["coordinates_3d"] == [100, -2, 3] for area in made)
    mappings = server.get("cortical_area/cortical_map_detailed")
    assert [list(mappings[area]) for area in made if area in mappings] == [[made[1]]]
    states = [entry["status"] for entry in server.get("genome/amalgamation_history")]
    assert states == ["pending", "confirmed"]


def test_a_genome_becomes_a_region(server: Server) -> None:
    a = server.make_area("a")
    b = server.make_area("b")
    steps = {"vectors": [[1, 0, 0]]}
    morphology = {"morphology_type": "vectors", "morphology_parameters": steps}
    server.send("POST", "morphology/morphology", {"morphology_name": "steps", **morphology})
    mapped(server, a, b, "steps")
    mapped(server, "X19fcG93ZXI=", a)
    guest = server.get("genome/download")
    server.send("POST", "genome/upload/barebones")
    pending = server.send("POST", "genome/amalgamation_by_payload", guest)
    done = placed(server, pending)
    assert done["imported_new_area_count"] == 2 and done["imported_morphology_count"] == 1
    assert done["imported_cortical_mappings"] == 2
    mappings = server.get("cortical_area/cortical_map_detailed")
    assert len(mappings["X19fcG93ZXI="]) == 1
    # once more without the power, into the region that was made
    again = server.send("POST", "genome/amalgamation_by_payload", guest)
    done = placed(server, again, "no_rewiring", brain_region_id=pending["amalgamation_id"])
    assert done["skipped_cortical_mappings"] == 1
    assert done["skipped_morphology_existing_count"] == 1
    regions = server.get("region/regions_members")
    parent = regions[again["amalgamation_id"]]["parent_region_id"]
    assert parent == pending["amalgamation_id"]
    assert server.get("system/health_check")["cortical_area_count"] == 11


def test_an_amalgamation_can_fail_and_be_cancelled(server: Server) -> None:
    inner = server.inner_region()
    assert server.refused("POST", "region/clone", {"source_region_id": inner})[0] == 400
    clone = {"source_region_id": "nowhere", "region_name": "x"}
    assert server.refused("POST", "region/clone", clone)[0] == 500
    assert server.refused("POST", "genome/amalgamation_by_payload", {"nonsense": 1})[0] == 500
    server.make_area("a")
    pending = server.send("POST", "region/clone", {**clone, "source_region_id": inner})
    query = f"circuit_origin_x=1&circuit_origin_y=1&amalgamation_id={pending['amalgamation_id']}"
    place = "genome/amalgamation_destination?"
    assert server.refused("POST", place + query, {})[0] == 400
    assert server.refused("POST", place + query + "&circuit_origin_z=x", {})[0] == 400
    query += "&circuit_origin_z=1"
    assert server.refused("POST", place + query + "&rewire_mode=some", {})[0] == 400
    assert server.refused("POST", place + query, {"brain_region_id": "nowhere"})[0] == 500
    # it still waits
    assert server.get("genome/amalgamation")["pending"]["amalgamation_id"]
    server.send("DELETE", "genome/amalgamation_cancellation")
    assert server.get("system/health_check")["amalgamation_pending"] is None
    status, sentence = server.refused("POST", place + query, {})
    assert status == 400 and "pending" in sentence


def test_a_memory_area_is_looked_at(server: Server) -> None:
    box = server.make_area("box")
    area = {
        "cortical_name": "mem",
        "cortical_dimensions": [1, 1, 1],
        "coordinates_3d": [0, 0, 0],
        "brain_region_id": server.inner_region(),
        "sub_group_id": "MEMORY",
    }
    memory = server.send("POST", "cortical_area/custom_cortical_area", area)["cortical_id"]
    mapped(server, box, memory, "episodic_memory")
    server.send("PUT", "cortical_area/cortical_area", {"cortical_id": memory, "temporal_depth": 3})
    told = server.get(f"cortical_area/memory?cortical_id={memory}&page=0&page_size=50")
    assert told["cortical_name"] == "mem" and told["memory_parameters"]["temporal_depth"] == 3
    assert told["upstream_cortical_area_count"] == 1 and told["memory_neuron_ids"] == []
    assert server.refused("GET", f"cortical_area/memory?cortical_id={box}")[0] == 400
    assert server.refused("GET", "cortical_area/memory?cortical_id=AAAA")[0] == 500
    assert server.refused("GET", f"cortical_area/memory?cortical_id={memory}&page=x")[0] == 500
    assert server.refused("GET", "connectome/memory_neuron?neuron_id=50000000")[0] == 404


def test_the_essential_genome_is_that_of_the_folder(server: Server, tmp_path: pathlib.Path) -> None:
    status, answer = http(server.ports["http"], "POST", "genome/upload/essential")
    assert status == 501 and "essential.genome" in answer["message"]
    genome = server.get("genome/download")
    genome["genome_title"] = "Mine"
    (tmp_path / "essential.genome").write_text(json.dumps(genome))
    assert server.send("POST", "genome/upload/essential")["genome_title"] == "Mine"
