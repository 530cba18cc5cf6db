# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT and log
#
# verify.sh - the equation: each rule, with a log that keeps it and one that
# breaks it

heading="NODE                    audited =   enriched +     folded +       lost +    pending +  no plugin + unaccounted"
holds="The equation holds: every audited call is accounted for."
holds_idle="The equation holds: every call that was audited while the plugin ran is accounted for."
cannot="Whether the equation holds cannot be told: nothing breaks it, but there is doubt."
no_call="doubt: the log: it has no audited call"
pending=0

# row NODE AUDITED ENRICHED FOLDED LOST IDLE UNACCOUNTED, and $pending
row() {
	printf '%-20s %10d = %10d + %10d + %10d + %10d + %10d + %10d\n' \
		"${@:1:5}" "$pending" "${@:6}"
}

# pending_of NODE COUNT
pending_of() {
	echo "doubt: $1: $2 calls are pending: the plugin runs, and may hold them; try again later"
}

# verifies NAME STATUS LINE...: of $log, to which later things are added; the
# heading comes of itself.
verifies() {
	local name=$1 status=$2
	shift 2
	later "$log"
	run -if "$log" --verify
	check "verify: $name" gave "$status" < <(printf '%s\n' "$heading" "$@")
}

broken() {
	local it="ids break"
	(($1 > 1)) || it="id breaks"
	echo "The equation does NOT hold: $1 $it it."
}

verify_single() {
	{ start 1; call 2; call 3; record 4 2; record 5 3; } >"$log"
	verifies "each has its record" 0 "$(row - 2 2 0 0 0 0)" "$holds"

	{ start 1; call 2; call 3; record 4 2; } >"$log"
	verifies "one has none" 1 "$(row - 2 1 0 0 0 1)" \
		"-: $(id 3): unaccounted: no record" "$(broken 1)"

	{ start 1; call 2; record 4 2; record 5 2; } >"$log"
	verifies "one has two" 1 "$(row - 1 1 0 0 0 0)" \
		"-: $(id 2): accounted for twice: 2 enriched, 0 folded" \
		"$(broken 1)"

	{ start 1; record 3 2; call 2; } >"$log"
	verifies "a record ahead of its call" 0 "$(row - 1 1 0 0 0 0)" "$holds"

	{ start 1; call 2; call 2; record 4 2; } >"$log"
	verifies "the same SYSCALL record twice" 0 "$(row - 1 1 0 0 0 0)" \
		"note: -: 1 SYSCALL records are there more than once" "$holds"

	{ start 1; record 4 2; record 5 3 why=no-syscall; } >"$log"
	verifies "records without a SYSCALL record" 3 "$(row - 0 0 0 0 0 0)" \
		"note: -: 1 enriched calls whose SYSCALL record did not reach the plugin" \
		"note: -: 1 enriched calls have no SYSCALL record in this log" \
		"$no_call" "$cannot"

	: >"$log"
	verifies "an empty log" 3 "$(row all 0 0 0 0 0 0)" "$no_call" "$cannot"
	start 1 >"$log"
	verifies "a plugin, and no call" 3 "$(row - 0 0 0 0 0 0)" "$no_call" \
		"$cannot"
}

verify_serials_that_start_over() {
	local last=$(((1 << 32) - 1))
	{
		start $((last - 9))
		call $((last - 1))
		call $((last + 3))
		lost $((last + 9)) feed 4 $((last - 1)) $((last + 3))
	} >"$log"
	verifies "a gap in which serials start over" 0 \
		"$(row - 2 0 0 2 0 0)" \
		"note: -: 4 calls at most are declared lost, in the log or not" \
		"$holds"
	{
		start $((last - 9))
		call $((last - 5))
		call $((last + 5))
		lost $((last + 9)) feed 4 $((last - 1)) $((last + 3))
		stop $((last + 20))
	} >"$log"
	verifies "it has no call beside it" 1 "$(row - 2 0 0 0 0 2)" \
		"-: $(id $((last - 5))): unaccounted: no record" \
		"-: $(id $((last + 5))): unaccounted: no record" \
		"note: -: 4 calls at most are declared lost, in the log or not" \
		"$(broken 2)"
}

verify_parts() {
	{ start 1; call 2; record 4 2 part=1/2; record 5 2 part=2/2; } >"$log"
	verifies "both parts" 0 "$(row - 1 1 0 0 0 0)" "$holds"

	{ start 1; call 2; record 4 2 part=2/2; record 5 2 part=1/2; } >"$log"
	verifies "both parts, the second first" 0 "$(row - 1 1 0 0 0 0)" \
		"$holds"

	{ start 1; call 2; record 4 2 part=1/2; } >"$log"
	verifies "a part is missing" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): parts of its record are missing" "$(broken 1)"

	{ start 1; call 2; record 4 2 part=1/2; lost 5 queue-full 1 2 2; } >"$log"
	verifies "a missing part is declared" 0 "$(row - 1 0 0 1 0 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$holds"

	{
		start 1
		call 2
		record 4 2 part=1/2
		record 5 2 part=2/2
		record 6 2 part=1/2
		record 7 2 part=2/2
	} >"$log"
	verifies "all parts twice" 1 "$(row - 1 1 0 0 0 0)" \
		"-: $(id 2): accounted for twice: 2 enriched, 0 folded" \
		"$(broken 1)"
}

# As audisp-remote can send it: the very same line, now or later.
verify_forwarded() {
	node="node=web1 "
	{
		start 1
		call 2
		call 3
		call 4
		call 5
		record 6 2
		record 6 2
		record 7 3 part=1/2
		record 7 3 part=1/2
		record 8 3 part=2/2
		fold 9 1 4 4 4
		lost 10 queue-full 1 5 5
		record 8 3 part=2/2
		fold 9 1 4 4 4
		lost 10 queue-full 1 5 5
	} >"$log"
	verifies "forwarded twice" 0 "$(row web1 4 2 1 1 0 0)" \
		"note: web1: 1 calls at most are declared lost, in the log or not" \
		"note: web1: 5 of the plugin's records are there again" \
		"$holds"

	{ start 1; call 2; call 3; record 4 2; lost 5 queue-full 1 2 3; } >"$log"
	node="node=web2 "
	{ start 1; call 2; record 4 2; } >>"$log"
	node=
	verifies "the same ids on another host" 0 "$(row web1 2 1 0 1 0 0)" \
		"$(row web2 1 1 0 0 0 0)" "$(row all 3 2 0 1 0 0)" \
		"note: web1: 1 calls at most are declared lost, in the log or not" \
		"$holds"
}

verify_folded() {
	local next=$((base + 20000))
	{ start 1; call 2; call 3; call 5; fold 9 3 2 5 2-3,5; } >"$log"
	verifies "folded" 0 "$(row - 3 0 3 0 0 0)" "$holds"

	# auditd did not take what the kernel had, and takes it later
	{ start 1; call 2; fold 9 3 2 5 2-3,5; call 3; call 5; } >"$log"
	verifies "folded ahead of their SYSCALL records" 0 \
		"$(row - 3 0 3 0 0 0)" "$holds"
	{ start 1; call 2; fold 9 3 2 5 2-3,5; call 3; call 5 310 9; } >"$log"
	verifies "whose bytes are compared, too" 1 "$(row - 3 0 3 0 0 0)" \
		"-: $(id 3): its record contradicts the SYSCALL record: bytes=" \
		"$(broken 1)"
	{
		start 1; call 2; fold 9 2 2 3 2-3
		base=$next start 1; base=$next call 3
	} >"$log"
	verifies "the same serial in the next boot is not folded" 1 \
		"$(row - 2 0 1 0 0 1)" \
		"-: $(base=$next id 3): unaccounted: no record" \
		"note: -: 1 folded calls have no SYSCALL record in this log" \
		"$(broken 1)"

	{ start 1; call 2; call 3; call 5; fold 9 2 2 5 2,5; } >"$log"
	verifies "not among the folded" 1 "$(row - 3 0 2 0 0 1)" \
		"-: $(id 3): unaccounted: no record" "$(broken 1)"

	{
		start 1; for i in 2 3 4 5 6 7 8; do call $i; done
		fold 9 3 2 6 2-6/2; fold 10 3 3 7 3-7/2
	} >"$log"
	verifies "folds in turn: all but one that neither has" 1 \
		"$(row - 7 0 6 0 0 1)" \
		"-: $(id 8): unaccounted: no record" "$(broken 1)"
	{ start 1; call 2; call 200000; fold 200001 50000 2 100000 2-100000/2; } >"$log"
	verifies "folds in turn: more than the log has, beside one of its calls" 1 \
		"$(row - 2 0 1 0 0 1)" \
		"-: $(id 200000): unaccounted: no record" \
		"note: -: 49999 folded calls have no SYSCALL record in this log" \
		"$(broken 1)"
	{ start 1; call 2; call 3; record 4 3; fold 9 2 2 3 2-3; } >"$log"
	verifies "enriched and folded" 1 "$(row - 2 1 1 0 0 0)" \
		"-: $(id 3): accounted for twice: 1 enriched, 1 folded" \
		"$(broken 1)"

	{ start 1; call 2; fold 4 1 2 2 2; fold 5 1 2 2 2; } >"$log"
	verifies "folded twice" 1 "$(row - 1 0 1 0 0 0)" \
		"-: $(id 2): accounted for twice: 0 enriched, 2 folded" \
		"$(broken 1)"

	{ start 1; call 2; call 200000; fold 200001 99998 3 100000 3-100000; } >"$log"
	verifies "a range longer than the log, beside its calls" 1 \
		"$(row - 2 0 0 0 0 2)" "-: $(id 2): unaccounted: no record" \
		"-: $(id 200000): unaccounted: no record" \
		"note: -: 99998 folded calls have no SYSCALL record in this log" \
		"$(broken 2)"

	{ start 1; call 2; fold 9 4 2 5 2-5; } >"$log"
	verifies "folded, with calls that the log has not" 0 \
		"$(row - 1 0 1 0 0 0)" \
		"note: -: 3 folded calls have no SYSCALL record in this log" \
		"$holds"
}

verify_lost() {
	{ start 1; call 2; call 3; lost 4 feed 2 2 3; } >"$log"
	verifies "lost by id" 0 "$(row - 2 0 0 2 0 0)" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$holds"

	{ start 1; call 2; call 3; lost_time 4 suspended 5 1 3; } >"$log"
	verifies "lost by time, fewer than declared" 0 "$(row - 2 0 0 2 0 0)" \
		"note: -: 5 calls at most are declared lost, in the log or not" \
		"$holds"

	{ start 1; call 2; call 3; lost 4 feed 2 2 2; } >"$log"
	verifies "outside the ids" 1 "$(row - 2 0 0 1 0 1)" \
		"-: $(id 3): unaccounted: no record" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$(broken 1)"

	{ start 1; call 2; call 3; lost_time 4 suspended 2 1 2; } >"$log"
	verifies "outside the time" 1 "$(row - 2 0 0 1 0 1)" \
		"-: $(id 3): unaccounted: no record" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$(broken 1)"

	{ start 1; call 2; call 3; call 4; lost 5 feed 2 2 4; } >"$log"
	verifies "more than declared" 1 "$(row - 3 0 0 2 0 1)" \
		"-: $(id 4): unaccounted: more calls without a record than the 2 declared lost there (feed)" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$(broken 1)"

	# whether the first has reached the log was not known
	{ start 1; call 2; call 3; call 4; lost 5 feed 1 2 4; lost 9 feed 1 2 4; } >"$log"
	verifies "a loss that is declared again is one loss" 1 \
		"$(row - 3 0 0 1 0 2)" \
		"-: $(id 3): unaccounted: more calls without a record than the 1 declared lost there (feed)" \
		"-: $(id 4): unaccounted: more calls without a record than the 1 declared lost there (feed)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$(broken 2)"
	{ start 1; call 2; call 3; lost 5 feed 1 2 3
		lost 9 feed 1 2 3 | sed 's/start=17/start=18/'; } >"$log"
	verifies "in the same words of another process it is another" 0 \
		"$(row - 2 0 0 2 0 0)" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$holds"

	{ start 1; call 2; record 3 2; lost 4 feed 1 2 2; } >"$log"
	verifies "declared lost, and enriched" 0 "$(row - 1 1 0 0 0 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$holds"

	# 2 fits both, 3 the first only: whoever gives the first to 2 fails
	{
		start 1
		call 2
		call 3
		lost 5 feed 1 2 3
		lost 6 queue-full 1 2 2
	} >"$log"
	verifies "two that overlap, shared out" 0 "$(row - 2 0 0 2 0 0)" \
		"note: -: 2 calls at most are declared lost, in the log or not" \
		"$holds"

	# a chain: each has to move on to the next
	{
		start 1
		call 2
		call 3
		call 4
		lost 5 feed 1 2 4
		lost 6 malformed 1 2 3
		lost 7 queue-full 1 2 2
	} >"$log"
	verifies "three that overlap, shared out" 0 "$(row - 3 0 0 3 0 0)" \
		"note: -: 3 calls at most are declared lost, in the log or not" \
		"$holds"
}

verify_plugin() {
	{ call 2; start 3; call 4; record 5 4; } >"$log"
	verifies "before the first start" 0 "$(row - 2 1 0 0 1 0)" \
		"note: -: 1 calls were audited while no plugin ran" "$holds_idle"

	{ start 1; call 2; record 3 2; stop 4; call 5; start 6; } >"$log"
	verifies "between stop and start, for the next one to declare" 1 \
		"$(row - 2 1 0 0 0 1)" \
		"-: $(id 5): unaccounted: no plugin ran, and the next one has not declared it lost" \
		"$(broken 1)"

	{ start 1; stop 4; call 5; start 6; lost 7 not-running 1 5 5; } >"$log"
	verifies "between stop and start, declared" 0 "$(row - 1 0 0 1 0 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$holds"

	{ start 1; call 2; start 3; } >"$log"
	verifies "between two starts without a stop" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): unaccounted: no record" "$(broken 1)"

	{ call 2; record 3 2; call 4; } >"$log"
	verifies "a log that begins while the plugin runs" 1 \
		"$(row - 2 1 0 0 0 1)" "-: $(id 4): unaccounted: no record" \
		"$(broken 1)"

	{ call 2; call 3; } >"$log"
	verifies "calls, and no plugin" 3 "$(row - 2 0 0 0 2 0)" \
		"note: -: 2 calls were audited while no plugin ran" \
		"doubt: -: 2 calls, and no record of the plugin's" "$cannot"

	{ start 1; stop 2; call 3; } >"$log"
	verifies "calls behind the plugin's end" 3 "$(row - 1 0 0 0 1 0)" \
		"note: -: 1 calls were audited while no plugin ran" \
		"doubt: -: 1 calls, all of them while no plugin ran" "$cannot"

	{ start 1; start 2 | sed s/start=17/start=18/; stop 3; call 4; } >"$log"
	verifies "behind the end of an earlier process" 1 \
		"$(row - 1 0 0 0 0 1)" "-: $(id 4): unaccounted: no record" \
		"$(broken 1)"

	{ start 1; stop 2; call 3; record 4 3 | sed s/pid=116/pid=117/; call 5; } >"$log"
	verifies "behind a record of a process whose start is missing" 1 \
		"$(row - 2 1 0 0 0 1)" "-: $(id 5): unaccounted: no record" \
		"$(broken 1)"

	{ start 1; call 2; stop 4; record 5 2; call 6; } >"$log"
	verifies "behind a late record of the process that has ended" 0 \
		"$(row - 2 1 0 0 1 0)" \
		"note: -: 1 calls were audited while no plugin ran" "$holds_idle"

	# what is declared goes to those that break the equation
	{ call 2; start 3; call 4; lost 5 ended 1 2 4; } >"$log"
	verifies "declared, one with and one without the plugin" 0 \
		"$(row - 2 0 0 1 1 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"note: -: 1 calls were audited while no plugin ran" "$holds_idle"
}

# What a plugin that runs may hold, to the millisecond of 150 seconds.
verify_pending() {
	{ start 1; call 2; call 3; record 4 2; } >"$log"
	run -if "$log" --verify
	pending=1
	check "verify: a call at the end of the log" gave 3 <<-END
		$heading
		$(row - 2 1 0 0 0 0)
		$(pending_of - 1)
		$cannot
	END
	call 150002 44 >>"$log"
	run -if "$log" --verify
	check "verify: one that may be pending just so" ended 3
	call 150003 44 >>"$log"
	pending=0
	verifies "one that is pending no more" 1 "$(row - 2 1 0 0 0 1)" \
		"-: $(id 3): unaccounted: no record" "$(broken 1)"

	{ start 1; call 2; record 3 2 part=1/2; call 4; record 5 4; } >"$log"
	pending=1
	prints "verify: a part at the end of the log" 3 --verify <<-END
		$heading
		$(row - 2 1 0 0 0 0)
		$(pending_of - 1)
		$cannot
	END
	pending=0
	{ start 1; call 2; stop 3; } >"$log"
	prints "verify: a plugin that has ended holds nothing" 1 --verify <<-END
		$heading
		$(row - 1 0 0 0 0 1)
		-: $(id 2): unaccounted: no record
		$(broken 1)
	END
	{
		node="node=a "; start 1; call 2; record 3 2; call 4
		node="node=b "; start 1; call 200000; record 200001 200000
		node=
	} >"$log"
	pending=1
	run -if "$log" --verify
	check "verify: each node's log has its own end" eval \
		"ended 3 && grep -qxF '$(pending_of a 1)' $OUT/out"
	# a declared loss goes to the one that breaks the equation
	{ start 1; call 2; call 200000; lost 200001 feed 1 2 200000; } >"$log"
	prints "verify: what is declared is not the pending one" 3 --verify <<-END
		$heading
		$(row - 2 0 0 1 0 0)
		note: -: 1 calls at most are declared lost, in the log or not
		$(pending_of - 1)
		$cannot
	END
	pending=0
	check "a call that is pending is shown as such" eval \
		"run -if $log --format csv; grep -q ',ok (pending),' $OUT/out"
}

verify_nodes() {
	{
		node="node=a "; start 1; call 2; record 3 2
		node="node=b "; start 1; call 2
	} >"$log"
	verifies "a node is not another" 1 "$(row a 1 1 0 0 0 0)" \
		"$(row b 1 0 0 0 0 1)" "$(row all 2 1 0 0 0 1)" \
		"b: $(id 2): unaccounted: no record" "$(broken 1)"
	later "$log"
	prints "verify: one node only" 0 --verify --node a <<-END
		$heading
		$(row a 1 1 0 0 0 0)
		$holds
	END
	{
		node="node=a "; start 1; call 2
		node="node=b "; start 1; call 2; lost 3 feed 1 2 2; fold 4 1 2 2 2
	} >"$log"
	verifies "a node speaks for itself only" 1 "$(row a 1 0 0 0 0 1)" \
		"$(row b 1 0 1 0 0 0)" "$(row all 2 0 1 0 0 1)" \
		"a: $(id 2): unaccounted: no record" \
		"note: b: 1 calls at most are declared lost, in the log or not" \
		"$(broken 1)"
	{
		node="node=a "; start 1
		node="node=b "; start 1; lost 3 feed 1 9 9
		node="node=a "; call 2; record 3 2
		node="node=b "; call 2
	} >"$log"
	verifies "what is known of a node stays when others come between" 1 \
		"$(row a 1 1 0 0 0 0)" "$(row b 1 0 0 0 0 1)" \
		"$(row all 2 1 0 0 0 1)" "b: $(id 2): unaccounted: no record" \
		"note: b: 1 calls at most are declared lost, in the log or not" \
		"$(broken 1)"
	node=
}

verify_renamed() {
	local moved="calls have their record under another name of the host"
	{
		node="node=a "; start 1; call 2; call 3
		node="node=b "; record 4 2; call 5; fold 9 2 3 5 3,5
		node=
	} >"$log"
	verifies "a host that has changed its name" 0 \
		"$(row a 2 1 1 0 0 0)" "$(row b 1 0 1 0 0 0)" \
		"$(row all 3 1 2 0 0 0)" "note: a: 2 $moved" "$holds"
	{
		node="node=a "; start 1; call 2
		node="node=b "; record 4 2 | sed 's/ spid=7/ spid=8/'
		node=
	} >"$log"
	verifies "another host's call of the same id" 1 \
		"$(row a 1 0 0 0 0 1)" "$(row b 0 0 0 0 0 0)" \
		"$(row all 1 0 0 0 0 1)" "a: $(id 2): unaccounted: no record" \
		"note: b: 1 enriched calls have no SYSCALL record in this log" \
		"$(broken 1)"
	{
		node="node=a "; start 1; call 2; call 3
		node="node=b "; fold 9 1 2 2 2 | sed 's/\.002:2/.001:2/g'
		node=
	} >"$log"
	verifies "another host's fold, a millisecond off" 1 \
		"$(row a 2 0 0 0 0 2)" "$(row b 0 0 0 0 0 0)" \
		"$(row all 2 0 0 0 0 2)" "a: $(id 2): unaccounted: no record" \
		"a: $(id 3): unaccounted: no record" \
		"note: b: 1 folded calls have no SYSCALL record in this log" \
		"$(broken 2)"
}

# Serials begin anew; the time shows which boot a folded record means.
verify_boots() {
	local later
	for later in 60000 7200000; do
		base=1000000000000
		{
			start 1; call 2; call 3; fold 9 1 2 2 2; record 10 3
			base=$((base + later))
			start 1; call 2; call 3; fold 9 1 3 3 3
		} >"$log"
		verifies "the same serials $((later / 1000)) seconds later" 1 \
			"$(row - 4 1 2 0 0 1)" \
			"-: $(id 2): unaccounted: no record" "$(broken 1)"
	done
	base=1000000000000

	{ start 1; call 2; base=$((base + 7200000)); start 1; fold 9 1 2 2 2; } >"$log"
	base=1000000000000
	verifies "a folded serial is of its own boot" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): unaccounted: no record" \
		"note: -: 1 folded calls have no SYSCALL record in this log" \
		"$(broken 1)"
	{ start 1; call 2; base=$((base + 7200000)); start 1; lost 9 feed 1 2 2; } >"$log"
	base=1000000000000
	verifies "a lost serial is of its own boot" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): unaccounted: no record" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$(broken 1)"
}

# The serials begin anew behind auditd's start: see reboot.
verify_reboot() {
	local last=$(((1 << 32) - 1)) tail cut
	tail=$(start 10; call 20; record 21 20; stop 30; call 40)
	cut=$(start 10; call 20; record 21 20; call 40)
	{ echo "$tail"; reboot 60000; start 5; } >"$log"
	base=1000000000000
	verifies "behind a stop, and the next boot declares nothing" 1 \
		"$(row - 2 1 0 0 0 1)" \
		"-: $(id 40): unaccounted: no plugin ran, and the next one has not declared it lost" \
		"$(broken 1)"
	{ echo "$tail"; reboot 60000; call 3; } >"$log"
	base=1000000000000
	verifies "and the next boot has no plugin" 0 "$(row - 3 1 0 0 2 0)" \
		"note: -: 2 calls were audited while no plugin ran" "$holds_idle"
	{
		echo "$tail"
		lost=$(lost 6 reboot 1 40 40)
		reboot 60000
		start 5
		echo "$lost"
	} >"$log"
	base=1000000000000
	verifies "what the next boot declares is of the one before" 0 \
		"$(row - 2 1 0 1 0 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$holds"

	# first of the old boot; last as of now, as nobody knows it
	cut_off() {
		echo "$cut"
		from=$(id 21)
		reboot 7200000
		call 3
		start 5
		call 50
		lost 60 reboot $((last - 20)) 21 "$last" |
			sed "s/first=[^ ]*/first=$from/; s/last=[^:]*/last=$(time_of 50)/"
	}
	cut_off >"$log"
	early=$(id 50)
	base=1000000000000
	verifies "a loss without an end ends with its boot" 1 \
		"$(row - 4 1 0 1 1 1)" "-: $early: unaccounted: no record" \
		"note: -: $((last - 20)) calls at most are declared lost, in the log or not" \
		"note: -: 1 calls were audited while no plugin ran" "$(broken 1)"

	# the last line of the old boot has no end
	cut_off | sed '/^type=SYSCALL.*:40):/ { N; s/ uid=.*\(type=DAEMON\)/\1/ }' >"$log"
	base=1000000000000
	verifies "nor does it where the power cut has torn a line" 1 \
		"$(row - 3 1 0 0 1 1)" "-: $early: unaccounted: no record" \
		"note: -: $((last - 20)) calls at most are declared lost, in the log or not" \
		"note: -: 1 calls were audited while no plugin ran" \
		"doubt: the log: 1 damaged lines may be calls, or records of them" \
		"$(broken 1)"

	{ echo "$cut"; reboot 60000; call 3; } >"$log"
	base=1000000000000
	pending=1
	prints "verify: what the next plugin may yet declare" 3 --verify <<-END
		$heading
		$(row - 3 1 0 0 1 0)
		note: -: 1 calls were audited while no plugin ran
		$(pending_of - 1)
		$cannot
	END
	pending=0

	{ start 10; call 20; reboot 60000; start 5; lost 9 feed 1 20 20; } >"$log"
	base=1000000000000
	verifies "a lost serial is of its own boot, soon after, too" 1 \
		"$(row - 1 0 0 0 0 1)" "-: $(id 20): unaccounted: no record" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"$(broken 1)"
}

# What looks like another boot, and is none
verify_no_reboot() {
	local last=$(((1 << 32) - 1)) copied late
	{ start 10; call 20; record 21 20; reboot 0; call 40; start 50; } >"$log"
	verifies "auditd is restarted: no call is early" 1 \
		"$(row - 2 1 0 0 0 1)" "-: $(id 40): unaccounted: no record" \
		"$(broken 1)"
	{
		start $((last - 9))
		reboot 0
		call $((last + 3))
		stop $((last + 9))
	} >"$log"
	verifies "nor is it where serials start over" 1 \
		"$(row - 1 0 0 0 0 1)" \
		"-: $(id $((last + 3))): unaccounted: no record" "$(broken 1)"
	{ start 10; call 20; record 21 20; reboot 60000; start 5; call 8; } >"$log"
	copied=$(id 8)
	late=$(id 9)
	{ cat "$log"; call 9; } >"$log.twice"
	cat "$log.twice" >>"$log"
	base=1000000000000
	verifies "nor in a log that is there twice" 1 "$(row - 3 1 0 0 0 2)" \
		"-: $copied: unaccounted: no record" \
		"-: $late: unaccounted: no record" \
		"note: -: 2 SYSCALL records are there more than once" \
		"note: -: 3 of the plugin's records are there again" \
		"$(broken 2)"
}

# differs NAME FIELDS SED: a sound record, made to say something else
differs() {
	{ start 1; call 2; record 3 2 | sed "$3"; } >"$log"
	verifies "$1" 1 "$(row - 1 1 0 0 0 0)" \
		"-: $(id 2): its record contradicts the SYSCALL record: $2" \
		"$(broken 1)"
	{ start 1; record 3 2 | sed "$3"; call 2; } >"$log"
	verifies "$1, and the record comes first" 1 "$(row - 1 1 0 0 0 0)" \
		"-: $(id 2): its record contradicts the SYSCALL record: $2" \
		"$(broken 1)"
}

# agrees NAME SED
agrees() {
	{ start 1; call 2; record 3 2 | sed "$2"; } >"$log"
	verifies "$1" 0 "$(row - 1 1 0 0 0 0)" "$holds"
}

verify_contradictions() {
	differs "another result" exit= 's/ exit=8/ exit=9/'
	differs "an error" exit= 's/ exit=8/ exit=-1/'
	differs "another process" spid= 's/ spid=7/ spid=8/'
	differs "another user" uid= 's/ uid=0 suid/ uid=1 suid/'
	differs "another login" sauid= 's/ sauid=1000/ sauid=0/'
	differs "another name" comm= 's/ comm="gdb"/ comm="gdc"/'
	differs "another program" exe= 's|exe="/usr/bin/gdb"|exe="/usr/bin/gdc"|'
	differs "another call" op= 's/op=process_vm_readv/op=process_vm_writev/'
	differs "another ABI" abi= 's/ opid=/ abi=i386 opid=/'
	differs "another count" liovcnt= 's/ liovcnt=1/ liovcnt=2/'
	differs "all of it" "op=, exit=, uid=" \
		's/readv/writev/; s/ exit=8/ exit=7/; s/ uid=0 suid/ uid=1 suid/'
	agrees "a program that is not known" 's|exe="/usr/bin/gdb"|exe="?"|'
	agrees "a name that is not known" 's/ comm="gdb"//'
	agrees "a name that was cut" 's/ comm="gdb"/ comm="gd"/; s/src=kernel/& cut=comm/'
	agrees "a program that was cut" 's|exe="/usr/bin/gdb"|exe="/usr"|; s/src=kernel/& cut=exe/'

	{ start 1; call 2 310 4; call 3 310 12; fold 9 2 2 3 2-3; } >"$log"
	verifies "a fold's bytes are the sum of its calls'" 0 \
		"$(row - 2 0 2 0 0 0)" "$holds"
	{ start 1; call 2; call 3 310 9; fold 9 2 2 3 2-3; } >"$log"
	verifies "or they are not" 1 "$(row - 2 0 2 0 0 0)" \
		"-: $(id 2): its record contradicts the SYSCALL record: bytes=" \
		"$(broken 1)"
	{ start 1; call 2 310 16; call 3 310 -1; fold 9 2 2 3 2-3; } >"$log"
	verifies "no call of a fold with bytes has failed" 1 \
		"$(row - 2 0 2 0 0 0)" \
		"-: $(id 3): its record contradicts the SYSCALL record: exit=" \
		"$(broken 1)"
	{
		start 1; call 2 310 -1; call 3 310 -3
		fold 9 2 2 3 2-3 | sed 's/ bytes=16/ exit=-1/'
	} >"$log"
	verifies "and all of a fold in the same way" 1 \
		"$(row - 2 0 2 0 0 0)" \
		"-: $(id 3): its record contradicts the SYSCALL record: exit=" \
		"$(broken 1)"
	local names='s/comm="gdb"/comm="?" comms=gdb,my%20%2Cgdb/; s/ src=/ vary=comm&/'
	{
		start 1; call 2; call 3 310 8 0 "$(hex 'my ,gdb')"
		fold 9 2 2 3 2-3 | sed "$names"
	} >"$log"
	verifies "a fold of callers by other names" 0 \
		"$(row - 2 0 2 0 0 0)" "$holds"
	sed -i 's/,my%20%2Cgdb/,my%20gdb/' "$log"
	verifies "that is not the name of one of them" 1 \
		"$(row - 2 0 2 0 0 0)" \
		"-: $(id 3): its record contradicts the SYSCALL record: comm=" \
		"$(broken 1)"
	sed -i 's/ src=kernel/& cut=comms/' "$log"
	verifies "and more names, of which the record has none" 0 \
		"$(row - 2 0 2 0 0 0)" "$holds"
	{ start 1; call 2; call 3 310 8 1000; fold 9 2 2 3 2-3; } >"$log"
	verifies "a fold has the calls of one user" 1 \
		"$(row - 2 0 2 0 0 0)" \
		"-: $(id 3): its record contradicts the SYSCALL record: uid=" \
		"$(broken 1)"
}

# foreign SERIAL
foreign() {
	echo "-: $(id "$1"): looks like a record of the plugin's, but another program has sent it"
}

verify_senders() {
	{ start 1; call 2; record 3 2 | sed 's/: pid=116 uid=0 /: pid=116 uid=1000 /'; } >"$log"
	verifies "a record that root has not sent" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): unaccounted: no record" \
		"$(foreign 3)" "$(broken 2)"
	says "the line is named" 1 "LOG:3: looks like a record of the plugin's, but another program has sent it; this one and all like it are left out" --verify

	{ start 1; call 2; record 3 2 | sed 's|exe="/usr/sbin/audisp-pvm"|exe="/tmp/audisp-pvm"|'; } >"$log"
	verifies "a record that another program has sent" 1 \
		"$(row - 1 0 0 0 0 1)" "-: $(id 2): unaccounted: no record" \
		"$(foreign 3)" "$(broken 2)"
	run -if "$log" --verify --plugin /tmp/audisp-pvm
	check "verify: unless it is the one that is named" \
		grep -q "1 =          1 +" "$OUT/out"

	# "/usr/sbin/audisp-pvm (deleted)", as libaudit says it
	{ start 1; call 2; record 3 2 | sed 's|exe="/usr/sbin/audisp-pvm"|exe=2F7573722F7362696E2F6175646973702D70766D202864656C6574656429|'; } >"$log"
	verifies "a plugin that was upgraded under way" 0 \
		"$(row - 1 1 0 0 0 0)" "$holds"

	{ start 1; call 2; record 3 2 | sed 's/^type=USER/type=TRUSTED_APP/'; } >"$log"
	verifies "record_type = TRUSTED_APP" 0 "$(row - 1 1 0 0 0 0)" "$holds"
}

verify_architectures() {
	{
		start 1
		arch=40000003; call 2 310; call 3 347; call 4 348
		arch=c00000b7; call 5 270; call 6 271; call 7 310
		arch=40000028; call 8 376; call 9 377; call 10 270
		arch=c000003e; call 11 311; call 12 309
		record 13 3 abi=i386; record 14 4 abi=i386 writev
		record 15 5; record 16 6 "" writev
		record 17 8 abi=arm; record 18 9 abi=arm writev
		record 19 11 "" writev
	} >"$log"
	verifies "whose call a number is" 0 "$(row - 7 7 0 0 0 0)" "$holds"

	arch=c000003e
	{ start 1; call 2; record 3 2; arch=c0000032; call 4 3; call 5 340; } >"$log"
	arch=c000003e
	verifies "an architecture that is not known" 3 \
		"$(row - 1 1 0 0 0 0)" \
		"doubt: -: 2 SYSCALL records have arch=c0000032, whose calls aupvm does not know" \
		"$cannot"
	says "it is named" 0 "2 SYSCALL records have arch=c0000032 (unknown to libaudit as well), whose calls aupvm does not know" --format csv

	{ start 1; call 2; record 3 2; call 4 $((0x40000000 + 539)); call 5 1; } >"$log"
	verifies "x32's calls" 3 "$(row - 1 1 0 0 0 0)" \
		"doubt: -: 1 SYSCALL records have arch=c000003e (x32), whose calls aupvm does not know" \
		"$cannot"
	says "x32 is named" 0 "1 SYSCALL records have arch=c000003e (x32), whose calls aupvm does not know" --format csv
}

verify_time() {
	{ start 1; call 2; call 5000; record 5001 5000; } >"$log"
	later "$log"
	prints "verify: from a time on" 0 --verify -ts 2001-09-09 01:46:45 <<-END
		$heading
		$(row - 1 1 0 0 0 0)
		$holds
	END
	prints "verify: up to a time" 1 --verify -te 2001-09-09 01:46:44 <<-END
		$heading
		$(row - 1 0 0 0 0 1)
		-: $(id 2): unaccounted: no record
		$(broken 1)
	END
	prints "verify: a time without a call" 3 --verify -ts 2001-09-09 01:46:46 <<-END
		$heading
		$(row - 0 0 0 0 0 0)
		$no_call
		$cannot
	END
}

check_verify() {
	verify_single
	verify_serials_that_start_over
	verify_parts
	verify_forwarded
	verify_folded
	verify_lost
	verify_plugin
	verify_pending
	verify_nodes
	verify_boots
	verify_reboot
	verify_no_reboot
	verify_renamed
	verify_contradictions
	verify_senders
	verify_architectures
	verify_time
}
