# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# package.sh - what the scenarios share that install the Debian package; they
# source it in the guest as /vm/package.sh, and with it lib.sh. /pvm-tests has the
# package, that of a next version, and the commands of its README.Debian.

# shellcheck source-path=SCRIPTDIR source=lib.sh
source /vm/lib.sh

plugin_runs() {
	pgrep -x audisp-pvm
}

# at_work VERSION: it has recorded so, and has probes
at_work() {
	grep -aq "op=pvm-start version=$1 src=kernel" "$audit_log"
}

version_of() {
	dpkg-deb --field "/pvm-tests/$1.deb" Version
}

# documented WORD: run the line of README.Debian that starts with it
documented() {
	local command
	command=$(grep "^$1 " /pvm-tests/documented)
	bash -c "$command"
}

# Files with modes, owners and contents; not the books of dpkg, apt, debconf, sudo
# and systemd, nor the logs, nor the copy that augenrules makes of what it replaces.
files() {
	local path skip=(-path /etc/audit/audit.rules.prev)
	for path in /var/log /var/cache/{apt,debconf} /var/lib/{apt,dpkg,systemd} \
		/run/{credentials,log,sudo,systemd}; do
		skip+=(-o -path "$path")
	done
	find /etc /usr /run /var -xdev \( "${skip[@]}" \) -prune -o \
		-printf '%M %u %g %p %l\n' | sort
	find /etc -type f ! -name audit.rules.prev -exec sha256sum {} + | sort
}

# enriched N: so many records of calls, or more
enriched() {
	(($(grep -ac " msg='op=process_vm_" "$audit_log") >= $1))
}

one_plugin_runs() {
	[[ $(pgrep -c -x audisp-pvm) == 1 ]]
}

calls_audited() {
	grep -ac '^type=SYSCALL .*comm="storm"' "$audit_log" || :
}

# Hundreds of calls more than there were are audited.
hundreds_more() {
	local least
	least=$(($(calls_audited) + 500))
	wait_until 60 eval "((\$(calls_audited) >= $least))"
}

# storming COMMAND...: while calls are made
storming() {
	local storm status=0
	/pvm-tests/storm --rate 100 --threads 4 >"$OUT/storm" &
	storm=$!
	hundreds_more || status=$?
	"$@" || status=$?
	hundreds_more || status=$?
	kill -TERM "$storm"
	wait "$storm" || :
	return "$status"
}

upgrade() {
	dpkg --install /pvm-tests/next.deb >"$OUT/upgrade" 2>&1
}

# in_the_books: each call audited is enriched, folded or declared lost
in_the_books() {
	awk -f /vm/balance.awk "$audit_log" >"$OUT/balance"
}

# And none is lost.
balanced() {
	in_the_books && grep -q ' + lost 0 ' "$OUT/balance"
}

verified() {
	aupvm --verify --input "$audit_log"
}

no_rule_is_loaded() {
	[[ $(auditctl -l) == "No rules" ]]
}

auditd_still_logs() {
	auditctl -m "after $1"
	wait_until 10 grep -qa "msg='text=after $1" "$audit_log" ||
		wait_until 10 grep -qa "after $1" "$audit_log"
}

# passes NAME COMMAND...: a check of the part that is under way
passes() {
	check "case ${part:?}: $1" "${@:2}"
}

# ---- where a security module confines the plugin

only_allowed() {
	! grep '^refused' "$1" && grep -x end "$1"
}

# put_in_place COMMAND...: the program that tries what is forbidden, as the plugin,
# which COMMAND has auditd start
put_in_place() {
	mv /usr/sbin/audisp-pvm /usr/sbin/audisp-pvm.real
	install -m 0750 /pvm-tests/forbidden /usr/sbin/audisp-pvm
	! command -v restorecon >/dev/null || restorecon /usr/sbin/audisp-pvm
	rm -f /run/audit/pvm.forbidden
	"$@"
	wait_until 60 grep -qx end /run/audit/pvm.forbidden
}

put_back() {
	mv /usr/sbin/audisp-pvm.real /usr/sbin/audisp-pvm
	"$@"
}

# try_what_is_forbidden COMMAND...: all but the first must be refused; what came is
# left in $OUT/forbidden
try_what_is_forbidden() {
	local line
	/pvm-tests/forbidden /tmp/allowed </dev/null
	passes "unconfined, all that is tried can be done" \
		only_allowed /tmp/allowed
	passes "auditd starts a program that tries it, as the plugin" \
		put_in_place "$@"
	cp /run/audit/pvm.forbidden "$OUT/forbidden"
	while read -r line; do
		case $line in
		"allowed read the options" | refused*) pass "case $part: $line" ;;
		allowed*) fail "case $part: $line" "it must be refused" ;;
		esac
	done <"$OUT/forbidden"
	passes "the plugin is put back" put_back "$@"
}

# ---- on a machine that systemd runs

# What the plugin that runs now has logged: the one before it, which systemd ends
# together with auditd, may have been started again at the last moment.
logged() {
	journalctl --quiet --no-pager _PID="$(pidof -s audisp-pvm)" |
		grep -F -- "$1"
}

# with probes
starts() {
	grep -ac " msg='op=pvm-start .*src=kernel" "$audit_log" || :
}

more_starts_than() {
	(($(starts) > $1))
}

# At a reload auditd 4.2 ends its plugins and starts them again.
reloads() {
	local op=pvm-reload
	! dpkg --compare-versions "$(dpkg-query --show \
		--showformat='${Version}' auditd)" ge 1:4.2 || op=pvm-start
	grep -ac " msg='op=$op " "$audit_log" || :
}

# one_more_reload COMMAND...
one_more_reload() {
	local before
	before=$(reloads)
	"$@"
	wait_until 60 eval "((\$(reloads) > $before))"
}

restart_unit() {
	systemctl daemon-reload && systemctl restart auditd
}
