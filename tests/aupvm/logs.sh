# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# logs.sh - lines of an audit log as the kernel, auditd and the plugin write
# them, for tests; each takes what matters and has the rest at fixed values.
#
# Serial N is of the event 1000000000.00N and so on: a millisecond each. A
# node comes from $node, "node=NAME " or nothing.

node=
arch=c000003e
base=1000000000000 # ms of serial 0

# id SERIAL: the event's id. Audit writes 32 bits of the serial.
id() {
	local ms=$((base + $1))
	printf '%d.%03d:%d' $((ms / 1000)) $((ms % 1000)) $(($1 % (1 << 32)))
}

# time_of SERIAL: without the serial.
time_of() {
	local id
	id=$(id "$1")
	echo "${id%:*}"
}

# name_of UID: as auditd looks it up, on a host of its own.
name_of() {
	case $1 in
	0) echo root ;;
	1000) echo alice ;;
	*) echo nobody ;;
	esac
}

# call SERIAL [NR [EXIT [UID [COMM [KEY [SES]]]]]]: a SYSCALL record.
call() {
	printf '%stype=SYSCALL msg=audit(%s): arch=%s syscall=%s success=yes exit=%s a0=2a a1=0 a2=1 a3=0 items=0 ppid=1 pid=7 auid=1000 uid=%s gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=%s comm=%s exe="/usr/bin/gdb" subj=unconfined key=%s\x1dARCH=x86_64 SYSCALL=process_vm_readv AUID="alice" UID="%s" GID="root"\n' \
		"$node" "$(id "$1")" "$arch" "${2:-310}" "${3:-8}" "${4:-0}" \
		"${7:-3}" "${5:-\"gdb\"}" "${6:-\"pvm-read\"}" \
		"$(name_of "${4:-0}")"
}

# user SERIAL MESSAGE [UID [EXE]]: what the kernel and libaudit make of a
# message that a program of UID's has sent.
user() {
	printf "%stype=USER msg=audit(%s): pid=116 uid=%s auid=4294967295 ses=4294967295 subj=unconfined msg='%s exe=%s hostname=? addr=? terminal=? res=success'\x1dUID=\"root\" AUID=\"unset\" UID=\"root\" SUID=\"root\" SAUID=\"alice\" OUID=\"root\" OAUID=\"unset\"\n" \
		"$node" "$(id "$1")" "${3:-0}" "$2" \
		"${4:-\"/usr/sbin/audisp-pvm\"}"
}

# title SERIAL ARGUMENT...: the PROCTITLE record of a call
title() {
	printf '%stype=PROCTITLE msg=audit(%s): proctitle=%s\n' "$node" \
		"$(id "$1")" "$(printf '%s\0' "${@:2}" | head -c -1 |
			od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)"
}

caller='uid=0 suid=0 spid=7 sauid=1000 comm="gdb" exe="/usr/bin/gdb" sdev=fe:01 sino=131'
target='opid=42 ocomm="sshd" oexe="/usr/sbin/sshd" odev=fe:01 oino=532 ouid=0 oauid=4294967295 oses=4294967295 ostart=81230 rel=other'
vectors='rlen=8 riovcnt=1 riov=0x7f0000001000:8 rmap=[heap]:rw-p llen=8 liovcnt=1 liov=0x7f0000002000:8 vmflags=0x0 src=kernel'

# record SERIAL OF [MORE [OP]]: the enriched record of call OF; MORE follows.
record() {
	user "$1" "op=process_vm_${4:-readv} event=$(id "$2") key=\"pvm-read\" $caller $target exit=8 $vectors${3:+ $3}"
}

# fold SERIAL COUNT FIRST LAST SERIALS [MORE]
fold() {
	user "$1" "op=process_vm_readv count=$2 first=$(id "$3") last=$(id "$4") serials=$5 key=\"pvm-read\" $caller $target${6:+ $6} bytes=$((8 * $2)) rlen=$((8 * $2)) rspan=0x7f0000001000-0x7f0000001008 rmap=[heap]:rw-p src=kernel"
}

# lost SERIAL WHY COUNT FIRST LAST: by id.
lost() {
	user "$1" "op=pvm-lost why=$2 count=$3 first=$(id "$4") last=$(id "$5") start=17"
}

# lost_time SERIAL WHY COUNT FROM TO: by the times of two serials.
lost_time() {
	user "$1" "op=pvm-lost why=$2 count=$3 from=$(time_of "$4") to=$(time_of "$5") start=17"
}

start() {
	user "$1" "op=pvm-start version=0.1.0 src=kernel start=17"
}

# reboot MS: so much later the host boots, and auditd starts; its own events have
# numbers of its own.
reboot() {
	base=$((base + $1))
	printf '%stype=DAEMON_START msg=audit(%s:7777): op=start ver=3.0.9 format=enriched kernel=6.1.0 auid=4294967295 pid=110 uid=0 ses=4294967295 subj=unconfined res=success\n' \
		"$node" "$(time_of 500)"
}

# later LOG: each node's log goes on, far beyond what a plugin may still hold.
later() {
	sed -n 's/^\(node=[^ ]* \)\?type=.*/\1/p' "$1" | sort -u |
		sed 's/$/type=CWD msg=audit(1000100000.000:900000): cwd="\/"/' >"$1.later"
	cat "$1.later" >>"$1"
	rm "$1.later"
}

stop() {
	user "$1" "op=pvm-stop start=17 records=3"
}
