# SPDX-License-Identifier: Apache-2.0
"""A FEAGI agent that balances a pole: its body is simulated, its brain a genome.

The agent is made with FEAGI's own SDK and knows nothing of Rheobase; the same genome and agent run on
FEAGI's engine. Each of four proximity sensors tells one observation as a place among 15; a servo pushes
left or right. The weights are those of a linear controller, as in cartpole.py.
"""

import base64
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from bodies.pole import Pole

try:
    from feagi.pns import brain_output
    from feagi.pns.outputs import ServoMotor
except ImportError:
    sys.stderr.write("needs FEAGI's SDK (pip install feagi==2.6.10)\n")
    sys.exit(77)

LEVELS, MIDDLE = 15, 7
SCALE = (2.4, 2.0, 0.2, 2.0)  # observations at the outermost places
WEIGHTS = (1, 3, 5, 6)  # of position and speed of the cart, angle and angular speed of the pole
SENSORS, SERVO = "aXBybwEAAAA=", "b3BzZQEAAAA="  # the ids that the SDK gives these devices
LEFT, RIGHT = 19, 0  # places of the servo: its least and its greatest angle
EPISODES, MOST_STEPS = 3, 300
STEP = 0.02  # seconds of the body


def area(name: str, size: tuple[int, int, int], **genes: object) -> dict[str, object]:
    """Genes of an area of which each voxel is a neuron without memory."""
    x, y, z = size
    return {
        "cx-__name-t": name,
        "cx-___bbx-i": x,
        "cx-___bby-i": y,
        "cx-___bbz-i": z,
        "cx-_n_cnt-i": 1,
        "nx-fire_t-f": 1.0,
        "nx-mp_acc-b": False,
        "cx-pspuni-b": True,
        "nx-pstcr_-f": 1.0,
        **genes,
    }


def genome() -> dict[str, object]:
    """Every place of a sensor pushes to one side as strongly as it lies off the middle."""
    morphologies, rules = {}, []
    for sensor, weight in enumerate(WEIGHTS):
        for place in range(LEVELS):
            for side, sign in ((LEFT, -1), (RIGHT, 1)):
                name = f"sensor {sensor} at {place} to {side}"
                patterns = [[[sensor, 0, place], [0, 0, side]]]
                morphologies[name] = {"type": "patterns", "parameters": {"patterns": patterns}}
                strength = sign * weight * (place - MIDDLE)
                rules.append({"morphology_id": name, "postSynapticCurrent_multiplier": strength})
    areas = {
        SENSORS: area("sensors", (len(WEIGHTS), 1, LEVELS), **{"cx-dstmap-d": {SERVO: rules}}),
        SERVO: area("push", (1, 1, 20)),
    }
    return {
        "genome_title": "Pole",
        "version": "3.0",
        "genome_schema_version": 7,
        "blueprint": {
            f"_____10c-{name}-{gene}": value
            for name, genes in areas.items()
            for gene, value in genes.items()
        },
        "neuron_morphologies": morphologies,
        "physiology": {"simulation_timestep": 0.004},
    }


def connect() -> tuple[ServoMotor, int]:
    """Registers the agent with its devices: the servo, and the group of its sensors."""
    descriptor = struct.pack("<I20s20sI", 0, b"rheobase", b"pole", 1)
    brain_output.configure(
        agent_id=base64.b64encode(descriptor).decode(),
        feagi_host="127.0.0.1",
        feagi_registration_port=30001,
        feagi_sensory_port=5558,
        feagi_motor_port=5564,
        transport="zmq",
        feagi_connection_timeout_ms=5000,
        feagi_registration_retries=3,
        feagi_heartbeat_interval_s=5.0,
        feagi_api_port=8000,
        feagi_http_timeout_s=10.0,
        auth_token_b64=base64.b64encode(bytes(32)).decode(),
    )
    servo = ServoMotor.register(range=(-1, 1), encoding="absolute")
    units = brain_output.register_sensor_units({"Proximity": 4}, z_neuron_resolution=LEVELS)
    brain_output.connect()
    return servo, units["Proximity"]


def balance(servo: ServoMotor, group: int, seed: int) -> int:
    """Steps until the pole falls."""
    body = Pole(seed)
    due = time.monotonic()
    for step in range(1, MOST_STEPS + 1):
        for channel, (value, most) in enumerate(zip(body.seen, SCALE, strict=True)):
            place = min(max(round(value / most * MIDDLE) + MIDDLE, 0), LEVELS - 1)
            # FEAGI puts 1 at the first place and 0 at the last
            share = 1 - (place + 0.5) / LEVELS
            brain_output.write_sensor_scalar(
                unit_key="Proximity", group=group, channel_index=channel, scalar_0_1=share
            )
        brain_output.flush_sensory_bytes()
        due = max(due + STEP, time.monotonic())
        while time.monotonic() < due:
            brain_output.receive()
            time.sleep(0.002)
        body.push(servo.get_angle() > 0)
        if body.fell:
            return step
    return MOST_STEPS


def main() -> None:
    """Serves the brain and lets the body fall a few times."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "pole.genome"
        path.write_text(json.dumps(genome()))
        program = os.environ.get("RHEOBASE_PROGRAM", "rheobase")
        with subprocess.Popen([program, "serve", path]) as server:
            try:
                time.sleep(1)
                servo, group = connect()
                lengths = [balance(servo, group, seed) for seed in range(EPISODES)]
                brain_output.disconnect()
            finally:
                server.terminate()
    print(
        f"{EPISODES} episodes: {', '.join(map(str, lengths))} steps (of {MOST_STEPS}; at random about 22)"
    )
    assert statistics.median(lengths) > 60, "the pole falls too soon"


if __name__ == "__main__":
    main()
