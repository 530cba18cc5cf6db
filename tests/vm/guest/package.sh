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
