#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts faults into a copy of the sources, one after the other, and asks whether a test turns red.

mutants.py WORK [-j JOBS] [NAME...]: builds in WORK; exits 1 if a mutant survives.
mutants.py --places: only whether what each one changes still stands where it stood."""
import argparse
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
UNIT, CONFORMANCE, DIFFERENTIAL, CHECKPOINT, FAULTS = "unit", "conformance", "differential", "checkpoint", "faults"

# name, file, what stands there, the fault, suites that must see it: one of the first that turn red. After a colon: the test
MUTANTS = [
    # the step
    ("countdown_never_ends", "src/model/neuron_step.h", "select(0U, 1U, refractory & turn)",
     "select(0U, 0U, refractory & turn)", [UNIT, CONFORMANCE]),
    ("threshold_is_exclusive", "src/model/neuron_step.h", "(v >= p.threshold)", "(v > p.threshold)",
     [UNIT, CONFORMANCE]),
    ("limit_is_exclusive", "src/model/neuron_step.h", "v > p.threshold_limit", "v >= p.threshold_limit",
     [UNIT, CONFORMANCE]),
    ("draw_is_inclusive", "src/model/neuron_step.h", "in.burst_low) < p.draw_below", "in.burst_low) <= p.draw_below",
     [UNIT, CONFORMANCE]),
    ("no_snooze", "src/model/neuron_step.h", "select(0U, p.snooze_period, reached & !separate_snooze)",
     "select(0U, 0U, reached & !separate_snooze)", [UNIT, CONFORMANCE]),
    ("leak_also_in_refractory", "src/model/neuron_step.h", "(!refractory | leak_in_refractory)", "true",
     [UNIT, CONFORMANCE]),
    ("negative_input_not_floored", "src/model/neuron_step.h", "floored | blocked", "blocked", [UNIT, CONFORMANCE]),
    ("reset_to_rest", "src/model/neuron_step.h", "select(left, p.reset, fired)", "select(left, 0.0F, fired)",
     [UNIT, CONFORMANCE]),
    # the delivery
    ("second_part_starts_late", "src/backends/cpu/deliver.h", "first_at(row, count, first_, rows",
     "first_at(row, count, first_ + 1, rows", [CONFORMANCE, DIFFERENTIAL]),
    ("share_collected_twice", "src/backends/cpu/deliver.h", "      from[i] = 0;\n", "", [CONFORMANCE, DIFFERENTIAL]),
    ("bins_lose_a_line", "src/backends/cpu/bins.h", "b.used / kLine * kLine", "(b.used + kLine - 1) / kLine * kLine", [UNIT]),
    # synapses that learn
    ("nearest_adds_up", "src/definition/synapse_definition.cpp", "t.nearest ? write.number(1.0)",
     "false ? write.number(1.0)", [UNIT]),
    ("weights_leave_their_range", "src/definition/synapse_definition.cpp", "    keep_within(s, section.statements);\n", "    if (false) keep_within(s, section.statements);\n",
     [UNIT]),
    ("spike_dated_back", "src/backends/cpu/end_traces.h", "spiked[id - first_] = t;", "spiked[id - first_] = t - 1;", [DIFFERENTIAL]),
    ("only_changes_are_sent", "src/backends/cpu/learning.cpp", "d.changes_on_pre || !d.sends_weight", "d.changes_on_pre",
     [DIFFERENTIAL]),
    ("learned_charge_sent_twice", "src/backends/cpu/deliver.h", "low == 0 ? from : std::lower_bound(from, to, low)", "from",
     [DIFFERENTIAL]),
    ("learners_do_not_wake", "src/backends/cpu/one_part.h", "shares.empty() || !network.projections.empty()", "shares.empty()",
     [DIFFERENTIAL]),
    ("learned_is_forgotten", "src/io/checkpoint/projection_sections.cpp", "    own.pre_spiked = in.get_all<std::uint64_t>(p.pre_count);\n",
     "    own.pre_spiked = in.get_all<std::uint64_t>(p.pre_count);\n    own.pre_spiked.assign(p.pre_count, 0);\n", [CHECKPOINT]),
    # drives
    ("doubt_is_not_seen", "src/backends/cpu/unit_counts_loop.h", "      unsure[w] |= at == upper[w];\n", "", [UNIT]),
    ("tails_are_not_looked_up", "src/backends/cpu/unit_counts_loop.h", "(upper[w] == kSign) | (upper[w] == kLast)", "upper[w] == kLast",
     [UNIT]),
    ("rare_events_of_others", "src/backends/cpu/drive_block.cpp", "id < from || id >= to", "id >= to", [UNIT]),
    ("product_is_not_clamped", "src/backends/cpu/drive_block.cpp", "size <= kLargestPotential / kMostEvents", "true", [UNIT]),
    ("units_of_all_sizes_draw_alike", "src/model/drive.h", "(d.unit_shift << 16U)", "0U", [UNIT]),
    ("events_of_a_unit_go_to_the_first", "src/model/drive.h", ">> (32U - d.unit_shift)", ">> 31U", [UNIT]),
    ("streams_meet", "src/network/drive_streams.cpp", "std::prev(behind)->second <= drive.first", "std::prev(behind)->first < drive.first",
     [UNIT]),
    ("drives_merge_past_others", "src/model/merged_drives.h", "other.first < end_of(d) && d.first < end_of(other)", "false", [UNIT]),
    ("rare_drive_is_not_marked", "src/backends/cpu/one_part.h",
     "      mark_input(target, target + 1U);\n      injects_ = true;\n", "      injects_ = true;\n", [CONFORMANCE]),
    ("earlier_draws_go_on", "src/io/checkpoint/drive_sections.cpp", "if (!in.network_alone()) {", "if (false) {", [CHECKPOINT]),
    ("driven_sign_lost", "src/backends/cpu/deliver.h", "kind.weight < 0.0F ? -size : size", "size",
     [CONFORMANCE, DIFFERENTIAL]),
    ("driven_not_divided", "src/backends/cpu/deliver.h", "divided ? network.out_degree(pre) : 1U", "1U",
     [CONFORMANCE, DIFFERENTIAL]),
    ("wrong_delay_queue", "src/backends/cpu/deliver.h", "context.state->fired[delay - 1]",
     "context.state->fired[delay > 2 ? delay - 2 : delay - 1]", [CONFORMANCE, DIFFERENTIAL]),
    ("events_not_counted_by_injection", "src/backends/cpu/deliver.h", "word += ((word & event_mask()) == 0) ? event_.one_event : 0;",
     "static_cast<void>(word);", [CONFORMANCE, DIFFERENTIAL]),
    ("last_delay_not_in_table", "src/backends/cpu/row_table.cpp", "part < rows.row_parts[id - begin + 1]",
     "part + 1 < rows.row_parts[id - begin + 1]", [UNIT, DIFFERENTIAL]),
    # models: the language
    ("held_state_moves", "src/definition/methods.cpp", "g_.select(held_[i], before_.states[lines_[i].index], after[i])",
     "after[i]", [UNIT]),
    ("stages_keep_ports", "src/definition/methods.cpp", "later.ports[p] = value.value;", "", [UNIT]),
    ("propagator_of_fewer_terms", "src/definition/matrix_exponential.cpp", "int term = 16;", "int term = 3;", [UNIT]),
    ("fires_in_refractory", "src/definition/definition.cpp",
     "    step.fires = graph_.apply(Op::both, step.fires, graph_.opposite(before.refractory));\n",
     "    static_cast<void>(before);\n", [UNIT]),
    ("time_ends_the_step", "src/model/step_time.h", "static_cast<double>(burst) - 1.0", "static_cast<double>(burst)", [UNIT]),
    ("stages_keep_the_time", "src/definition/methods.cpp", "    later.half_steps = half_steps;\n", "", [UNIT]),
    ("first_values_see_nothing_given", "src/definition/host_program.cpp", "inputs.first[o.b].value_or(values[o.a])", "values[o.a]", [UNIT]),
    ("first_values_of_the_first", "src/network/model_areas.cpp", "(!g.is_state || definition.host.chained)", "!g.is_state", [UNIT]),
    # models: in networks
    ("port_lost_in_wiring", "src/network/fill_rows.cpp", "{network.target_of(post.first) + synapse.port,", "{network.target_of(post.first),", [CONFORMANCE]),
    ("targets_are_neurons", "src/network/model_areas.cpp", "within / area.ports", "within", [CONFORMANCE]),
    ("joined_targets_not_moved", "src/network/join.cpp", "first_target += member->target_count;", "", [CONFORMANCE]),
    ("first_of_area_edited", "src/network/model_areas.cpp", "place->values[first - area.first + i]", "place->values[i]", [CONFORMANCE]),
    ("columns_not_written", "src/io/checkpoint/state_sections.cpp", "        out.put_all(column);\n", "", [CONFORMANCE]),
    ("blocks_draw_alike", "src/backends/cpu/one_part.h", "block.first, words_of(block), injected_at(block), fired_",
     "block.model->first, words_of(block), injected_at(block), fired_", [CONFORMANCE]),
    ("arrivals_not_kept_in_range", "src/model/run_step.h", "select(sum, kMost, sum > kMost)", "sum", [UNIT]),
    ("old_parameters_kept", "src/backends/cpu/cpu.cpp", "return a.numbers == b.numbers;", "return true;", [CONFORMANCE]),
    ("drive_forgets_its_port", "src/backends/cpu/one_part.h", "target_of(id) + drive.port", "target_of(id)", [CONFORMANCE]),
    ("drive_reaches_neighbours", "src/backends/cpu/one_part.h", "block.stride = alike.targets;", "block.stride = 1;", [CONFORMANCE]),
    ("input_ports_not_saved", "src/io/checkpoint/state_sections.cpp",
     "if (has_ports(c.input.ports) || has_ports(c.injected_ports)) {", "if (has_ports(c.input.ports)) {", [CONFORMANCE]),
    ("drive_ports_not_hashed", "src/network/network_hash.cpp", " | (std::uint64_t{d.port} << 32U)", "", [UNIT]),
    # what is passed over, and neurons that differ
    ("draw_is_passed_over", "src/backends/cpu/step_plan.cpp", "u[i] >= threshold", "u[i] < threshold - 1e30F", [CONFORMANCE]),
    ("events_are_not_marked", "src/backends/cpu/deliver.h", "          mark(s, s + n);\n", "", [CONFORMANCE]),
    ("drive_is_not_marked", "src/backends/cpu/one_part.h",
     "        mark_input(target, target + (block.count - 1U) * block.stride + 1U);\n", "", [CONFORMANCE]),
    ("state_from_outside_not_seen", "src/backends/cpu/one_part.h", "void state_was_set() { quiet_.forget(plan_.blocks().size()); }",
     "void state_was_set() {}", [CONFORMANCE]),
    ("time_is_passed_over", "src/model/step_program.h", "if (o.op == Op::time) {", "if (o.op == Op::time && o.word > 9) {", [CONFORMANCE]),
    ("threshold_of_the_first", "src/backends/cpu/step_loop.h", "columns.threshold[i]", "columns.threshold[0]", [CONFORMANCE]),
    ("last_block_overshoots", "src/network/rules/bernoulli.h", "std::lower_bound(here, to.end(), count)", "to.end()", [UNIT]),
    ("drawn_twice", "src/network/rules/bernoulli.h", "is_new ? candidate : static_cast<std::uint32_t>(first) + last", "candidate", [UNIT]),
    # models on the CPU
    ("smaller_is_larger", "src/backends/cpu/block_operations.h", "return b < a ? b : a;", "return b > a ? b : a;", [UNIT]),
    ("product_not_flushed", "src/backends/cpu/block_operations.h", "(kOp == Op::multiply) return mul_rn(a, b);",
     "(kOp == Op::multiply) return times(a, b);", [UNIT]),
    ("tiny_quotient_kept", "src/backends/cpu/block_operations.h", "size - 0x00800001U", "size - 0x00800000U", [UNIT]),
    ("small_summand_hides_all", "src/backends/cpu/block_flushes.cpp", "kLeastSummand = -98;", "kLeastSummand = -110;", [UNIT]),
    ("time_stands_still", "src/backends/cpu/block_program.cpp", "r.burst_ == block.burst", "r.burst_.has_value()", [UNIT]),
    ("time_is_known_before", "src/backends/cpu/block_graph.h", "s.kind == Source::Kind::single && !timed[s.index]",
     "s.kind == Source::Kind::single", [UNIT]),
    ("state_written_too_early", "src/backends/cpu/block_compiler.cpp", "last_of_state_[s] <= n", "last_of_state_[s] <= n + 1000U", [UNIT]),
    ("shared_result_joined", "src/backends/cpu/block_graph.cpp", "node->users == 1", "node->users >= 1", [UNIT]),
    ("last_neurons_draw_as_first", "src/backends/cpu/block_program.cpp", "rest.first_id = block.first_id + first;",
     "rest.first_id = block.first_id;", [UNIT]),
    ("rare_words_give_none", "src/backends/cpu/block_draws.h", "float rest = mode;", "float rest = 0.0F;", [UNIT]),
    ("ports_not_emptied", "src/backends/cpu/arrived.cpp", "  block.words[at] = 0;\n", "", [UNIT]),
    # edits
    ("rows_of_the_former_network", "src/backends/cpu/cpu.cpp", "    rows_.follow(*before, *network_);\n", "", [DIFFERENTIAL]),
    ("changed_blocks_not_seen", "src/backends/cpu/row_table.cpp", "before.blocks[block] != after.blocks[block]", "false",
     [UNIT, DIFFERENTIAL]),
    ("dead_keep_incoming", "src/network/edited_rows.cpp",
     "return is_dead[before_.neuron_of(e.post)];", "return e.post != e.post;", [UNIT]),
    ("share_not_divided_again", "src/network/edited_rows.cpp", "code == kUnknown || other_share", "code == kUnknown", [UNIT]),
    ("bounds_not_taken_back", "src/network/editor.cpp", "bounds.remove(*before_.data(), id);", "", [UNIT]),
    ("first_of_unsorted", "src/network/edited_rows.cpp", "  row.sorted = false;\n", "", [UNIT]),
    ("kinds_not_learnt", "src/backends/cpu/cpu.cpp", "parts_->follow(*network_);", "", [DIFFERENTIAL, CONFORMANCE]),
    ("new_neurons_not_at_rest", "src/engine/backend.cpp", "  platform::resize_on_large_pages(state.u, n);", "  state.u.resize(n, 1.0F);", [CONFORMANCE]),
    # joined networks, building
    ("sort_skips_the_first", "src/network/staged_rows.cpp", "at > 0 && words[at - 1U] > w", "at > 1 && words[at - 1U] > w",
     [UNIT]),
    ("equal_places_not_as_made", "src/network/staged_rows.cpp", "some_equal && equal_ == EqualPlaces::as_made", "some_equal && false", [UNIT]),
    ("weights_rounded_down", "src/backends/cpu/deliver.h", "(charge < 0.0 ? -0.5 : 0.5)", "0.0", [CONFORMANCE, DIFFERENTIAL]),
    ("delay_left_in_target", "src/network/staged_rows.cpp", "(synapses[i] & kCode) | form.post(place)", "(synapses[i] & kCode) | place", [UNIT]),
    ("members_draw_by_the_whole", "src/backends/cpu/members.cpp", "      drives.back().origin = 0;\n", "", [CONFORMANCE]),
    ("excitability_by_the_whole", "src/backends/reference/reference.cpp", "id - firsts[member]", "id + 0U * firsts[member]",
     [CONFORMANCE]),
    ("edited_member_not_taken", "src/network/editor.cpp", "after_->members[m].data = take_member(*after_, m);",
     "static_cast<void>(m);", [CONFORMANCE]),
    ("stretch_loses_an_owner", "src/network/run_rule.h", "static_cast<std::uint32_t>((i + 1) * owners / stretches)",
     "static_cast<std::uint32_t>((i + 1) * owners / stretches - (i == 3 ? 1U : 0U))", [UNIT]),
    ("full_bins_alone_are_summed", "src/network/charge_bounds.cpp", "    compact.finish();\n", "", [UNIT]),
    # checkpoints
    ("countdowns_not_saved", "src/io/checkpoint/state_sections.cpp", "  out.put_all(state.refractory_countdown);\n",
     "  out.put_all(std::vector<std::uint16_t>(state.refractory_countdown.size()));\n", [CHECKPOINT]),
    ("injections_lost", "src/engine/injections.cpp", "checkpoint.injected_ids.push_back(network.neuron_of(targets_[i]));", "static_cast<void>(network);", [CHECKPOINT]),
    ("signature_begins_anew", "src/engine/engine.cpp", "self_->signature = Signature(checkpoint.signature);", "", [CHECKPOINT]),
    ("checksum_not_looked_at", "src/io/checkpoint/section_file.cpp", "constexpr bool kTrustChecksums = false;",
     "constexpr bool kTrustChecksums = true;", [CHECKPOINT]),
    ("written_in_place", "src/platform/output_file.cpp", 'partial_ = path_ + suffix;', "partial_ = path_;", [CHECKPOINT]),
    ("schedule_from_the_start", "src/engine/injections.cpp", "static_cast<std::ptrdiff_t>(position_)",
     "static_cast<std::ptrdiff_t>(position_ + (position_ < schedule_.bursts.size() ? 1 : 0))", [CHECKPOINT]),
    # where files are written
    ("planted_link_followed", "src/platform/descriptor.cpp", "O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK", "O_CLOEXEC | O_NONBLOCK",
     [f"{FAULTS}:Places.APlantedLinkIsNotFollowed"]),
    ("prepared_file_taken", "src/platform/descriptor.cpp", "if (!made && !is_own(opened))", "if (!made && false)",
     [f"{FAULTS}:Places.NorAHardLink"]),
    ("hard_link_is_own", "src/platform/descriptor.cpp", "opened.st_nlink == 1", "true", [f"{FAULTS}:Places.NorAHardLink"]),
    ("pipe_is_own", "src/platform/descriptor.cpp", "S_ISREG(opened.st_mode)", "true", [f"{FAULTS}:Places.NorIsAPipeWaitedFor"]),
    ("signals_not_blocked", "src/platform/descriptor.cpp", "pthread_sigmask(SIG_BLOCK, &quiet_, &former_)",
     "pthread_sigmask(SIG_BLOCK, nullptr, &former_)", [f"{FAULTS}:Hosts.LiveOnWhereFilesMayNotGrow"]),
    ("signal_not_taken_back", "src/platform/descriptor.cpp", "if (error == EFBIG)", "if (false)",
     [f"{FAULTS}:Hosts.LiveOnWhereFilesMayNotGrow"]),
    ("signal_of_the_host_taken", "src/platform/descriptor.cpp", "sigismember(&pending_, signal) == 0", "true",
     [f"{FAULTS}:Hosts.KeepTheirOwnSignals"]),
    ("folder_not_locked", "src/platform/descriptor.cpp", "if (!lock_alone(file))", "if (false)",
     [f"{FAULTS}:Ends.AlsoWithinOneProcess"]),
    ("child_holds_the_folder", "src/platform/descriptor.cpp", "  static_cast<void>(flock(file, LOCK_UN));\n", "",
     [f"{FAULTS}:Places.TwoAtATimeAreToldApartAndAChildHoldsNothing"]),
    ("finished_not_told", "src/platform/folder_lock.cpp", "static_cast<void>(std::remove(path_.c_str()));  // while",
     "// while", [f"{FAULTS}:Ends.AlsoWithinOneProcess"]),
    ("protected_file_replaced", "src/platform/descriptor.cpp", "path.c_str(), W_OK, AT_EACCESS) != 0",
     "path.c_str(), W_OK, AT_EACCESS) > 0", [f"{FAULTS}:Places.AProtectedFileStays"]),
    ("mode_not_kept", "src/platform/descriptor.cpp", "static_cast<void>(fchmod(file, old.st_mode & 0777U) == 0);", "",
     [f"{FAULTS}:Places.ModesOfReplacedFilesAreKept"]),
]


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def copy_sources(to):
    files = run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"]).stdout.split("\n")
    for name in filter(None, files):
        source, target = ROOT / name, to / name
        if source.is_file() and (not target.exists() or target.read_bytes() != source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            shutil.copymode(source, target)


def build(work, suites, jobs):
    made = run(["cmake", "--build", str(work), "-j", str(jobs), "--target"] + [f"rheobase_{s.split(':')[0]}" for s in suites])
    if made.returncode != 0:
        sys.exit(f"does not build:\n{made.stdout[-3000:]}")


def is_red(work, suite):
    suite, _, test = suite.partition(":")
    folder = work / "tests" / (suite if suite == FAULTS else "")
    # long runs show nothing more here
    try:
        done = run([str(folder / f"rheobase_{suite}"), "--gtest_brief=1",
                    f"--gtest_filter={test or '-*LongRuns*:*ScalarPathAtEverySize*'}"], timeout=1800, cwd=work)
    except subprocess.TimeoutExpired:
        return True  # it hangs
    if "] 0 tests from 0 test suites ran" in done.stdout:
        sys.exit(f"no test is called {test}")
    return done.returncode != 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--places", action="store_true")
    parser.add_argument("work", type=pathlib.Path, nargs="?")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_intermixed_args()
    if arguments.places:
        lost = [f"{name}: what it changes no longer stands in {file}" for name, file, old, _, _ in MUTANTS
                if not (ROOT / file).is_file() or old not in (ROOT / file).read_text()]
        print("\n".join([*lost, f"{len(MUTANTS) - len(lost)} of {len(MUTANTS)} mutants have their place"]))
        return 1 if lost else 0
    if arguments.work is None:
        parser.error("a folder to build in is missing")
    sources, work = arguments.work.resolve() / "source", arguments.work.resolve() / "build"
    copy_sources(sources)
    configured = run(["cmake", "-S", str(sources), "-B", str(work), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                      "-DRHEOBASE_WGPU=OFF", "-DRHEOBASE_CAIRO=OFF", "-DRHEOBASE_SERVER=OFF", "--log-level=WARNING"])
    if configured.returncode != 0:
        sys.exit(configured.stdout)
    survivors = []
    chosen = [m for m in MUTANTS if not arguments.names or m[0] in arguments.names]
    suites = sorted({suite for mutant in chosen for suite in mutant[4]})
    build(work, suites, arguments.j)
    for suite in suites:
        if is_red(work, suite):
            sys.exit(f"{suite} is red without any fault")
    for name, file, old, new, suites in chosen:
        path = sources / file
        text = path.read_text()
        if text.count(old) == 0:
            sys.exit(f"{name}: what it changes no longer stands in {file}")
        path.write_text(text.replace(old, new, 1))
        killer = None
        for suite in suites:
            build(work, [suite], arguments.j)
            if is_red(work, suite):
                killer = suite
                break
        path.write_text(text)
        print(f"{name:32} {'seen by ' + killer if killer else 'SURVIVES'}", flush=True)
        if killer is None:
            survivors.append(name)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
