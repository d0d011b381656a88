// SPDX-License-Identifier: Apache-2.0
//! FEAGI's own burst engine on the benchmark's network.
//!
//! feagi-burst FOLDER NEURONS SYNAPSES BURSTS: FOLDER holds posts.u32 (NEURONS x SYNAPSES) and fired.u32 (LISTS lists, one
//! after the other, of those that fire, with their lengths in front). Prints the milliseconds of each burst and what fired.
use std::time::Instant;

use feagi_npu_burst_engine::backend::CPUBackend;
use feagi_npu_burst_engine::RustNPU;
use feagi_npu_neural::synapse::SynapseType;
use feagi_npu_neural::types::{NeuronId, SynapticPsp, SynapticWeight};
use feagi_npu_runtime::StdRuntime;

const AREA: u32 = 10;
const AREA_NAME: &str = "Y2JlbmNobWE="; // base64 of "cbenchma", a custom area
const THRESHOLD: f32 = 1e9;
const CHUNK: usize = 1 << 22;

fn numbers(path: String) -> Vec<u32> {
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("cannot read {path}: {e}"));
    bytes.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect()
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let folder = &arguments[1];
    let number = |i: usize| arguments[i].parse::<usize>().expect("a number");
    let (neurons, synapses, bursts) = (number(2), number(3), number(4));

    let mut npu = RustNPU::<StdRuntime, f32, CPUBackend>::new(StdRuntime::new(), CPUBackend::new(), neurons, neurons * synapses, 1)
        .expect("an engine");
    npu.register_cortical_area(AREA, AREA_NAME.to_string());
    let before = resident();
    let (_, failed) = npu.add_neurons_batch(
        vec![THRESHOLD; neurons],
        vec![f32::MAX; neurons],
        vec![0.0; neurons],
        vec![0.0; neurons],
        vec![0; neurons],
        vec![0; neurons],
        vec![1.0; neurons],
        vec![u16::MAX; neurons],
        vec![0; neurons],
        vec![true; neurons],
        vec![AREA; neurons],
        (0..neurons as u32).collect(),
        vec![0; neurons],
        vec![0; neurons],
    );
    assert!(failed.is_empty(), "neurons were refused");
    let posts = numbers(format!("{folder}/posts.u32"));
    for (chunk, part) in posts.chunks(CHUNK).enumerate() {
        let pre = (0..part.len()).map(|i| NeuronId(((chunk * CHUNK + i) / synapses) as u32)).collect();
        let post = part.iter().map(|&id| NeuronId(id)).collect();
        let n = part.len();
        npu.add_synapses_batch(
            pre,
            post,
            vec![SynapticWeight(1.0); n],
            vec![SynapticPsp(1.0); n],
            vec![SynapseType::Excitatory; n],
            None,
            vec![1; n],
        )
        .expect("synapses");
    }
    drop(posts);
    npu.rebuild_synapse_index();
    let bytes = resident() - before;

    let raw = numbers(format!("{folder}/fired.u32"));
    let mut lists = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        let count = raw[at] as usize;
        lists.push(raw[at + 1..at + 1 + count].iter().map(|&id| (NeuronId(id), 2.0 * THRESHOLD)).collect::<Vec<_>>());
        at += 1 + count;
    }
    let mut milliseconds = Vec::new();
    let mut spikes = 0;
    for burst in 0..bursts {
        let start = Instant::now();
        npu.inject_sensory_with_potentials(&lists[burst % lists.len()]);
        let result = npu.process_burst().expect("a burst");
        milliseconds.push(format!("{:.6}", start.elapsed().as_secs_f64() * 1e3));
        spikes += result.neuron_count;
    }
    println!("{{\"spikes\": {spikes}, \"bytes\": {bytes}, \"ms\": [{}]}}", milliseconds.join(", "));
}
