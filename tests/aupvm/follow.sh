# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016,SC2119,SC2120 # check has OUT and the others
#
# follow.sh - --follow: calls as they are written, each once, whatever becomes
# of the log meanwhile

# follow [OPTION...]: in the background, the folder $OUT/audit; its pid is in
# $follower, what it prints in $OUT/followed.
follow() {
	: >"$OUT/followed"
	"${prefix[@]}" "$aupvm" -if "$OUT/audit" --follow -ts 2001-01-01 \
		--format json "$@" >"$OUT/followed" 2>"$OUT/follow.err" &
	follower=$!
}

# followed COUNT: so many objects have come
followed() {
	[[ $(wc -l <"$OUT/followed") -ge $1 ]]
}

# unfollow: end it as systemd does.
unfollow() {
	kill -TERM "$follower"
	wait "$follower" || :
}

# As auditd does it: all names first, then the new log.
rotate() {
	local nr end
	for nr in 9 8 7 6 5 4 3 2 1; do
		for end in "" .gz; do
			[[ ! -e $OUT/audit/audit.log.$nr$end ]] ||
				mv "$OUT/audit/audit.log.$nr$end" \
					"$OUT/audit/audit.log.$((nr + 1))$end"
		done
	done
	mv "$OUT/audit/audit.log" "$OUT/audit/audit.log.1"
	: >"$OUT/audit/audit.log"
}

# one SERIAL: a call, its command line and its record
one() {
	call "$1"
	title "$1" gdb -p "$1"
	record $(($1 + 1)) "$1"
}

write() {
	"$@" >>"$OUT/audit/audit.log"
}

# The same objects as of one run over all of the log.
same_as_whole() {
	"$aupvm" -if "$OUT/audit" --format json 2>/dev/null | sort >"$OUT/whole"
	sort "$OUT/followed" | diff "$OUT/whole" -
}

follow_afresh() {
	rm -rf "$OUT/audit"
	mkdir "$OUT/audit"
	start 1 >"$OUT/audit/audit.log"
}

follow_writes() {
	local i
	follow_afresh
	write one 2
	follow
	check "follow: what is there, when it is asked for" wait_until 20 followed 1
	write one 4
	check "follow: a call that is written" wait_until 20 followed 2
	one 6 | head -c 700 >"$OUT/half"
	write cat "$OUT/half"
	sleep 0.5
	check "follow: half a call is none" eval '! followed 3'
	one 6 | tail -c +701 >"$OUT/half"
	write cat "$OUT/half"
	check "follow: but when it is whole" wait_until 20 followed 3
	rotate
	write one 8
	check "follow: the log rotates" wait_until 20 followed 4
	write call 10
	rotate
	write title 10 gdb
	write record 11 10
	rotate
	wait_until 20 followed 5 || :
	# between two looks
	kill -STOP "$follower"
	for i in 12 14 16; do
		write one $i
		rotate
	done
	write one 18
	kill -CONT "$follower"
	check "follow: and again and again" wait_until 20 followed 9
	unfollow
	check "follow: each call once, as in the whole log" same_as_whole
	check "follow: nothing to complain of" eval '! grep . "$OUT/follow.err"'
}

# That no record comes is known when the log has gone on for long enough.
follow_lacks() {
	follow_afresh
	follow
	write call 2
	write call 4
	write fold 6 2 3 4 3-4
	write one 8
	check "follow: what has no record yet is not shown" wait_until 20 followed 2
	write one 100000
	check "follow: nor soon after" wait_until 20 followed 3
	check "follow: it is not among these" eval '! grep unenriched "$OUT/followed"'
	write one 151000
	check "follow: but then" wait_until 20 grep -q '"kind":"unenriched".*:2"' \
		"$OUT/followed"
	write call 400000
	unfollow
	check "follow: its fate is what the whole log says" same_as_whole
}

follow_cuts() {
	follow_afresh
	follow
	write one 2
	write one 4
	wait_until 20 followed 2 || :
	one 6 >"$OUT/audit/audit.log"
	check "follow: a log that has shrunk" wait_until 20 followed 3
	check "follow: which is said" grep -q 'was cut or written anew' \
		"$OUT/follow.err"
	kill -STOP "$follower"
	{ one 8; one 10; one 12; one 14; } >"$OUT/audit/audit.log"
	kill -CONT "$follower"
	check "follow: one that was written anew, and is longer" \
		wait_until 20 followed 7
	unfollow
	{ call 2; record 3 2; } >"$log"
	run -if "$log" --follow --summary
	check "follow: not with sums" ended 2
	{ start 1; one 2; } | run --follow -ts 2001-01-01 --format csv
	check "follow: a pipe, to its end" chosen 2
	{ start 1; one 2; } | "$aupvm" --follow --format csv >"$OUT/out" || :
	check "follow: only what is new, unless it is asked for" eval \
		'! grep . "$OUT/out"'
}

# ---- going on

# resume [OPTION...]: what a run with the checkpoint shows is added to
# $OUT/followed, and stands in $OUT/out
resume() {
	run -if "$OUT/audit" --checkpoint "$OUT/checkpoint" --format json "$@"
	cat "$OUT/out" >>"$OUT/followed"
}

# serials_are WANTED: of the objects of the last run
serials_are() {
	diff <(printf '%s' "$1") <(sed 's/.*"\(event\|first\)":"[0-9.]*:\([0-9]*\)".*/\2/' \
		"$OUT/out" | xargs | tr -d '\n')
}

resumes() {
	resume
	check "checkpoint: $1" serials_are "$2"
	check "checkpoint: $1: and nothing to complain of" eval \
		'! grep -vx "<no matches>" "$OUT/err"'
}

follow_resumes() {
	follow_afresh
	rm -f "$OUT/checkpoint"
	: >"$OUT/followed"
	write one 2
	write call 4
	write call 6
	resumes "the first run has what is there" 2
	resumes "and the second one nothing" ""
	write record 7 6
	rotate
	write one 8
	resumes "a record whose call stands ahead of it, across a rotation" "6 8"
	gzip "$OUT/audit/audit.log.1"
	write one 10
	rotate
	rotate
	write one 12
	resumes "logs that are compressed meanwhile" "10 12"
	write record 15 14 part=1/2
	resumes "half a record is none" ""
	write record 16 14 part=2/2
	write one 160000
	resumes "but a whole one; and what never gets one" "14 160000 4"
	resumes "each but once" ""
	write call 170001
	check "checkpoint: all in all, what the whole log has" eval \
		'[[ $(same_as_whole | grep "^[<>]" | cut -c 1-20) == "< {\"kind\":\"unenriche" ]]'
	rm "$OUT"/audit/*
	{ start 200000; one 200002; } >"$OUT/audit/audit.log"
	resume
	check "checkpoint: a log that is gone: all that is there" serials_are 200002
	check "checkpoint: which is said" grep -q 'its place in the log is gone' \
		"$OUT/err"
	head -n 1 "$OUT/checkpoint" >"$OUT/cut"
	mv "$OUT/cut" "$OUT/checkpoint"
	resume
	check "checkpoint: one that is not whole is refused" ended 2
}

# Killed at any moment, it shows again at most what it had shown just then.
follow_killed() {
	local round
	follow_afresh
	rm -f "$OUT/checkpoint"
	: >"$OUT/all"
	for round in {1..6}; do
		follow --checkpoint "$OUT/checkpoint"
		for serial in {1..9}; do
			write one $((round * 1000 + 10 * serial))
		done
		((round % 3)) || rotate
		wait_until 20 followed 5 || :
		kill -KILL "$follower"
		wait "$follower" 2>/dev/null || :
		# a line may be cut by the kill
		grep '}$' "$OUT/followed" >>"$OUT/all" || :
	done
	follow --checkpoint "$OUT/checkpoint"
	sleep 1
	unfollow
	sort -u "$OUT/all" "$OUT/followed" >"$OUT/once"
	cp "$OUT/once" "$OUT/followed"
	check "checkpoint: killed six times, and nothing is missing" same_as_whole
}

check_follow() {
	follow_resumes
	follow_killed
	follow_writes
	follow_lacks
	follow_cuts
}
