# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT and log
#
# verify.sh - the equation: each rule, with a log that keeps it and one that
# breaks it

heading="NODE                    audited =   enriched +     folded +       lost +  no plugin + unaccounted"
holds="The equation holds: every audited call is accounted for."

# row NODE AUDITED ENRICHED FOLDED LOST IDLE UNACCOUNTED
row() {
	printf '%-20s %10d = %10d + %10d + %10d + %10d + %10d\n' "$@"
}

# verifies NAME STATUS LINE...: of $log; the heading comes of itself.
verifies() {
	local name=$1 status=$2
	shift 2
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
	verifies "records without a SYSCALL record" 0 "$(row - 0 0 0 0 0 0)" \
		"note: -: 1 enriched calls whose SYSCALL record did not reach the plugin" \
		"note: -: 1 enriched calls have no SYSCALL record in this log" \
		"$holds"

	: >"$log"
	verifies "an empty log" 0 "$(row all 0 0 0 0 0 0)" "$holds"
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
	{ start 1; call 2; call 3; call 5; fold 9 3 2 5 2-3,5; } >"$log"
	verifies "folded" 0 "$(row - 3 0 3 0 0 0)" "$holds"

	{ start 1; call 2; call 3; call 5; fold 9 2 2 5 2,5; } >"$log"
	verifies "not among the folded" 1 "$(row - 3 0 2 0 0 1)" \
		"-: $(id 3): unaccounted: no record" "$(broken 1)"

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
		"note: -: 1 calls were audited while no plugin ran" "$holds"

	{ start 1; call 2; record 3 2; stop 4; call 5; start 6; } >"$log"
	verifies "between stop and start" 0 "$(row - 2 1 0 0 1 0)" \
		"note: -: 1 calls were audited while no plugin ran" "$holds"

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

	# what is declared goes to those that break the equation
	{ call 2; start 3; call 4; lost 5 ended 1 2 4; } >"$log"
	verifies "declared, one with and one without the plugin" 0 \
		"$(row - 2 0 0 1 1 0)" \
		"note: -: 1 calls at most are declared lost, in the log or not" \
		"note: -: 1 calls were audited while no plugin ran" "$holds"
}

verify_nodes() {
	{
		node="node=a "; start 1; call 2; record 3 2
		node="node=b "; start 1; call 2
	} >"$log"
	verifies "a node is not another" 1 "$(row a 1 1 0 0 0 0)" \
		"$(row b 1 0 0 0 0 1)" "$(row all 2 1 0 0 0 1)" \
		"b: $(id 2): unaccounted: no record" "$(broken 1)"
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

verify_senders() {
	{ start 1; call 2; record 3 2 | sed 's/: pid=116 uid=0 /: pid=116 uid=1000 /'; } >"$log"
	verifies "a record that root has not sent" 1 "$(row - 1 0 0 0 0 1)" \
		"-: $(id 2): unaccounted: no record" \
		"note: -: 1 foreign records look like the plugin's, but another program sent them" \
		"$(broken 1)"
	says "the line is named" 1 "LOG:3: looks like a record of the plugin's, but another program has sent it; this one and all like it are left out" --verify

	{ start 1; call 2; record 3 2 | sed 's|exe="/usr/sbin/audisp-pvm"|exe="/tmp/audisp-pvm"|'; } >"$log"
	verifies "a record that another program has sent" 1 \
		"$(row - 1 0 0 0 0 1)" "-: $(id 2): unaccounted: no record" \
		"note: -: 1 foreign records look like the plugin's, but another program sent them" \
		"$(broken 1)"
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
		fold 13 7 3 11 3-6,8-9,11
	} >"$log"
	verifies "whose call a number is" 0 "$(row - 7 0 7 0 0 0)" "$holds"
	arch=c000003e
}

verify_time() {
	{ start 1; call 2; call 5000; record 5001 5000; } >"$log"
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
}

check_verify() {
	verify_single
	verify_serials_that_start_over
	verify_parts
	verify_forwarded
	verify_folded
	verify_lost
	verify_plugin
	verify_nodes
	verify_boots
	verify_senders
	verify_architectures
	verify_time
}
