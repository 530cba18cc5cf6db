# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# lib.sh - what scenarios share; they source it in the guest as /vm/lib.sh.
#
# Verdicts: pass, fail and check write one line each to $OUT/results; finish,
# the last command of a scenario, turns them into its exit status.

audit_log=/var/log/audit/audit.log

# ---- verdicts ------------------------------------------------------------

# pass NAME
pass() {
	echo "ok $1" | tee -a "$OUT/results"
}

# fail NAME WHY.  Returns 0: a scenario goes on to its other checks.
fail() {
	echo "not ok $1: $2" | tee -a "$OUT/results"
}

# check NAME COMMAND...: passes when COMMAND succeeds; fails with its output.
# COMMAND runs in a subshell.  Its output goes through a file, not a pipe,
# for which we would wait as long as a daemon that it starts has it open.
check() {
	local name=$1 file=/tmp/check.$$ output status=0
	shift
	("$@") >"$file" 2>&1 || status=$?
	if ((status == 0)); then
		pass "$name"
	else
		output=$(tr '\n' '|' <"$file")
		fail "$name" "\"$*\" exited $status${output:+, printed: $output}"
	fi
}

# Exits 0 only if a check ran and none failed.
finish() {
	local passed failed
	touch "$OUT/results"
	passed=$(grep -c '^ok ' "$OUT/results") || :
	failed=$(grep -c '^not ok ' "$OUT/results") || :
	echo "$passed passed, $failed failed"
	exit $((passed == 0 || failed > 0))
}

# Ends the scenario at once, where going on makes no sense.
give_up() {
	fail "$1" "$2"
	finish
}

# ---- options -------------------------------------------------------------

# set_option NAME VALUE FILE: in a file of lines "name = value"
set_option() {
	touch "$3"
	sed -i "/^#*$1 *=/d" "$3"
	echo "$1 = $2" >>"$3"
}

# For scenarios that hold each call against a record of its own: the plugin,
# from its next start on, folds nothing.
one_record_per_call() {
	set_option fold_after 0 /etc/audit/pvm.conf
}

# Nothing is to be lost on the way, or the log moved away: the kernel's backlog
# and auditd's queue hold all of it, however far the plugin falls behind.
make_room_for_a_flood() {
	set_option q_depth 90000 /etc/audit/auditd.conf
	set_option max_log_file 1000 /etc/audit/auditd.conf
	set_option max_log_file_action IGNORE /etc/audit/auditd.conf
	sed -i 's/^-b .*/-b 65536/' /etc/audit/rules.d/audit.rules
}

# ---- waiting -------------------------------------------------------------

# wait_until SECONDS COMMAND...: true as soon as COMMAND is; false in the end.
# SECONDS are those of an idle machine: COMMAND is tried ten times for each of
# them, which takes longer on a busy one, though at most four times as long.
wait_until() {
	local tries=$(($1 * 10)) end=$((SECONDS + 4 * $1))
	shift
	until "$@"; do
		if ((--tries < 0 || SECONDS >= end)); then
			"$@"
			return
		fi
		sleep 0.1
	done
}

# ---- auditd --------------------------------------------------------------

# audit_status FIELD: one number of the kernel's audit state (pid, backlog,
# lost, enabled, ...).
audit_status() {
	auditctl -s | awk -v field="$1" '$1 == field { print $2 }'
}

auditd_accepts_events() {
	[[ $(audit_status pid) == [1-9]* && -s $audit_log ]]
}

auditd_is_gone() {
	[[ $(audit_status pid) == 0 ]] && ! pidof auditd >/dev/null
}

# On a machine that systemd runs: it has started the auditd that the kernel knows.
auditd_is_the_units() {
	local main
	main=$(systemctl show --value --property MainPID auditd)
	[[ $(systemctl is-active auditd) == active && $main != 0 &&
		$main == "$(audit_status pid)" ]]
}

# give_up_on_auditd NAME: ends the scenario with what auditd said.
give_up_on_auditd() {
	give_up "$1" "syslog ends with: $(tail -n 20 /var/log/syslog)"
}

# Starts auditd and loads the rules in /etc/audit/rules.d, as Debian's service
# does.  Ends the scenario if auditd does not come up.
start_auditd() {
	{
		auditd &&
			wait_until 20 auditd_accepts_events &&
			augenrules --load >/dev/null
	} || give_up_on_auditd "auditd starts"
}

# Ends the scenario if auditd does not go.
stop_auditd() {
	{
		pkill -TERM -x auditd && wait_until 20 auditd_is_gone
	} || give_up_on_auditd "auditd stops"
}

# True when the plugin has recorded that its probes are attached. Loading them takes
# long on a busy host.
wait_for_plugin() {
	wait_until 60 grep -qa 'op=pvm-start .*src=kernel' "$audit_log"
}

restart_auditd() {
	stop_auditd
	start_auditd
}

# Waits until the kernel has handed all records to auditd and the log has not
# grown for a second.  What a plugin sends back later than that is not waited
# for: wait_until it is there, or settle.  Returns false if it is not quiet
# after 150 looks, 30 seconds on an idle machine.
audit_quiesce() {
	local size last=-1 quiet=0 looks=150
	while ((quiet < 5)); do
		((looks-- > 0)) || return 1
		size=$(stat -c %s "$audit_log")
		if ((size == last)) && [[ $(audit_status backlog) == 0 ]]; then
			((++quiet))
		else
			quiet=0
		fi
		last=$size
		sleep 0.2
	done
}

# ---- strace --------------------------------------------------------------

# trace PID OPTION...: strace has each thread of PID from now on, until
# end_trace.  Returns false if it does not get there.
trace() {
	local pid=$1
	shift
	strace -qq -f -p "$pid" "$@" 2>/dev/null &
	tracer=$!
	wait_until 60 is_traced "$pid"
}

# tamper_with_sends PID HOW: traces PID's sendto() alone, with strace's injection
# HOW.  strace then reads none of PID's memory: each look would be a call to
# enrich, and the record of it the next one to look at.
tamper_with_sends() {
	trace "$1" -o /dev/null -e trace=sendto -e raw=sendto \
		-e inject=sendto:"$2"
}

is_traced() {
	local thread
	for thread in "/proc/$1/task"/*/status; do
		[[ $(awk '$1 == "TracerPid:" { print $2 }' "$thread") == \
			"$tracer" ]] || return 1
	done
}

end_trace() {
	kill "$tracer" 2>/dev/null || :
	wait "$tracer" || :
}

# whole_calls FILE: what strace -f -o has written, with each call on one line.
# When another thread's event comes in the midst of a call, strace breaks the
# line at "<unfinished ...>" and goes on at "<... NAME resumed>", so that no
# pattern for a whole call finds it.
whole_calls() {
	awk '
	{ pid = $1 }
	/ <unfinished \.\.\.>$/ {
		sub(/ <unfinished \.\.\.>$/, "")
		begun[pid] = $0
		next
	}
	/^[0-9]+ +<\.\.\. [a-z0-9_]+ resumed>/ && pid in begun {
		sub(/^[0-9]+ +<\.\.\. [a-z0-9_]+ resumed>/, "")
		$0 = begun[pid] $0
		delete begun[pid]
	}
	{ print }
	END {
		for (pid in begun)
			print begun[pid] " <unfinished ...>"
	}' "$1"
}

# ---- the books -----------------------------------------------------------

# declares_no_more_than PERCENT FILE: of the calls audited, so many are declared
# lost that are not. FILE is what balance.awk has printed.
declares_no_more_than() {
	awk -v most="$1" '$1 == "audited" { audited = $2 }
		$1 == "over" {
			over = $2 * 100 / audited
			printf "%s, %.1f %%, at most %.0f wanted\n", $0, over, most
			found = 1
		}
		END { exit !found || over > most }' "$2"
}

# ---- the plugin's state report -------------------------------------------

state=/run/audit/pvm.state

# A new one.
save_state() {
	rm -f "$state"
	pkill -USR1 -x audisp-pvm
	wait_until 10 test -s "$state"
}

# state NAME: a number of a new one
state() {
	save_state && sed -n "s/^$1 = //p" "$state"
}

# Nothing waits for its other half, for its window's end or to be confirmed.
nothing_pending() {
	save_state && [[ $(awk '
		/^(join_waiting|early_waiting|fold_held|queue_waiting|in_flight) = / { sum += $3 }
		END { print sum }' "$state") == 0 ]]
}

# Until all calls so far have their records in the log: auditd writes a record
# before it hands it to the plugin, which then counts it as confirmed.  A call
# whose SYSCALL record auditd has dropped waits for two minutes.
await_records() {
	audit_quiesce || :
	wait_until 150 nothing_pending || cat "$state"
}

# Until all that is lost is declared as well.  That begins up to four seconds
# after; a plugin that runs late then has something pending, and is waited for.
settle() {
	await_records
	sleep 5
	wait_until 30 nothing_pending || cat "$state"
	audit_quiesce
}
