# SPDX-License-Identifier: Apache-2.0
"""An agent of FEAGI's SDK: two proximity sensors in, two servos out; what came of it, as one line of JSON."""

import base64
import json
import struct
import time

import requests
from feagi.pns import brain_output
from feagi.pns.outputs import ServoMotor

URL = "http://127.0.0.1:8000/v1"
descriptor = struct.pack("<I", 0) + b"rheobase-test".ljust(20, b"\0") + b"robot".ljust(20, b"\0") + struct.pack("<I", 1)
brain_output.configure(
    agent_id=base64.b64encode(descriptor).decode(),
    feagi_host="127.0.0.1",
    feagi_registration_port=30001,
    feagi_sensory_port=5558,
    feagi_motor_port=5564,
    transport="zmq",
    feagi_connection_timeout_ms=5000,
    feagi_registration_retries=3,
    feagi_heartbeat_interval_s=2.0,
    feagi_api_port=8000,
    feagi_http_timeout_s=10.0,
    auth_token_b64=base64.b64encode(bytes(32)).decode(),
)
servo = ServoMotor.register(range=(0, 180), encoding="absolute")
ServoMotor.register(range=(-90, 90), encoding="absolute")
group = brain_output.register_sensor_units({"Proximity": 2}, z_neuron_resolution=10)["Proximity"]
brain_output.connect()
sensors = sorted(map(str, brain_output._cache.get_sensory_cortical_ids_for_verification()))
motors = sorted(map(str, brain_output._cache.get_motor_cortical_ids_for_verification()))
rule = {"morphology_id": "block_to_block", "morphology_scalar": [1, 1, 1], "postSynapticCurrent_multiplier": 1000}
# the first area of the servos is their position; the others are steps and speed
mapping = {"src_cortical_area": sensors[0], "dst_cortical_area": motors[0], "mapping_string": [rule]}
requests.put(f"{URL}/cortical_mapping/mapping_properties", json=mapping, timeout=10).raise_for_status()


def angle_for(value):
    """The servo's angle after the sensor said so for a while."""
    angle = None
    for _ in range(60):
        for channel in (0, 1):
            brain_output.write_sensor_scalar(unit_key="Proximity", group=group, channel_index=channel, scalar_0_1=value)
        brain_output.flush_sensory_bytes()
        brain_output.receive()
        angle = servo.get_angle()
        time.sleep(0.02)
    return angle


angles = [angle_for(v) for v in (0.1, 0.5, 0.9)]
time.sleep(2.5)  # a heart beat
brain_output.disconnect()
print(json.dumps({"sensors": sensors, "motors": motors, "angles": angles}))
