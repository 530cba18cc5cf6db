# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# lib.sh - what the parts of the bench share; they source it in the folder of
# the project. A part prints its figures, one "NAME VALUE UNIT" a line, and
# tells of its progress on standard error.

BUILD=${BUILD:-build}
export BUILD # for vm
bench=$BUILD/bench
programs=$BUILD/tests/bench/programs

say() {
	printf '[bench] %s\n' "$*" >&2
}

die() {
	say "error: $*"
	exit 1
}

# figure NAME VALUE UNIT
figure() {
	echo "$1 $2 $3"
	say "$1 = $2 $3"
}

# Of the numbers on standard input, one a line.
median() {
	sort -g | awk '{ value[NR] = $1 }
		END { print value[int((NR + 1) / 2)] }'
}

# percentile P: the same, of which P in a hundred are no larger
percentile() {
	sort -g | awk -v p="$1" '{ value[NR] = $1 }
		END { n = int(NR * p / 100 + 0.999999); print value[n] }'
}

# divide A B FORMAT
divide() {
	awk -v a="$1" -v b="$2" -v format="$3" 'BEGIN { printf format, a / b }'
}

# used COMMAND...: runs it, and prints its processor time in microseconds and
# its most memory in KiB. Its output goes to a file: grep, for one, ends at the
# first match when nobody is to see it.
used() {
	"$programs/used" "$bench/used" "$@" >"$bench/output" 2>"$bench/error" ||
		die "$*: $(tail -n 5 "$bench/error")"
	awk -v OFMT=%.15g '{ print $1 + $2, $4 }' "$bench/used"
}

# machine NAME SCENARIO [OPTION...] [-- ARG...]: runs it in the virtual machine;
# what it leaves is then in the folder that $guest_out names. VM_COMMAND is for
# those who share the host among several.
machine() {
	local name=bench-$1 scenario=tests/bench/scenarios/$2 options=() command
	shift 2
	read -ra command <<<"${VM_COMMAND:-tests/vm/vm}"
	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	say "$name in the virtual machine…"
	"${command[@]}" run --name "$name" --timeout 1500 \
		--overlay "$BUILD/stage" --overlay "$bench/stage" \
		"${options[@]}" "$scenario" "${@:2}" >"$bench/$name.log" 2>&1 || {
		tail -n 20 "$bench/$name.log" >&2
		die "$name failed; all that it printed is in $bench/$name.log"
	}
	# shellcheck disable=SC2034 # the parts use it
	guest_out=$BUILD/vm/run/$name/out
}

# In a machine of one processor of which each instruction takes a nanosecond.
counting_machine() {
	local name=$1 scenario=$2
	shift 2
	machine "$name" "$scenario" --icount "$@"
}

# Others that the guest needs for comparison; so large that it wants memory.
# shellcheck disable=SC2034 # the parts use it
with_others=(--package bpftrace --package laurel --memory 4096)
