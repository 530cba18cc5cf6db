# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT, log, aupvm, prefix
#
# terminal.sh - on a terminal of some width: rows that fit, and colour unless
# it is unwanted

# on_terminal COLUMNS VARIABLE=VALUE...: what a terminal gets of the table.
on_terminal() {
	local columns=$1
	shift
	env TERM=xterm "$@" script -qec "stty cols $columns; \
		${prefix[*]} $aupvm -if $log" /dev/null </dev/null |
		tr -d '\r' >"$OUT/out"
}

fits() {
	! sed 's/\x1b\[[0-9]*m//g' "$OUT/out" | grep -E ".{$(($1 + 1))}"
}

has_colour() {
	grep -q $'\x1b\\[' "$OUT/out"
}

check_terminal() {
	local name=a-program-with-a-very-long-name-indeed
	{
		start 1
		call 2
		record 3 2 | sed "s|/usr/bin/gdb|/usr/bin/$name|;
			s|/usr/sbin/sshd|/usr/sbin/$name|"
		call 4
	} >"$log"
	later "$log"
	for columns in 80 100 132 200; do
		on_terminal $columns
		check "terminal of $columns columns: rows fit" fits $columns
		check "terminal of $columns columns: there are rows" \
			grep -q '01:46:40.* ok' "$OUT/out"
	done
	check "terminal of 200 columns: the address is shown" \
		grep -q 'rw-p 0x' "$OUT/out"
	check "terminal: colour" has_colour
	for what in graph timeline; do
		script -qec "$aupvm -if $log --$what" /dev/null </dev/null >"$OUT/out" || :
		check "terminal: --$what says what takes it" grep -q \
			"aupvm --$what .*>$what.svg" "$OUT/out"
	done
	on_terminal 80 NO_COLOR=1
	check "terminal: no colour with NO_COLOR" eval '! has_colour'
	check "terminal of 80 columns: the mapping without its address" \
		grep -q ' rw-p *ok' "$OUT/out"
	check "terminal of 80 columns: why a call has no record" \
		grep -q ' unaccounted *ok' "$OUT/out"
	check "terminal: but rows" grep -q '01:46:40.* ok' "$OUT/out"
	on_terminal 80 TERM=dumb
	check "terminal: no colour on a dumb one" eval '! has_colour'
	run -if "$log"
	check "no terminal: no colour" eval '! has_colour'
	check "no terminal: nothing is cut" eval \
		"[[ \$(grep -o $name $OUT/out | wc -l) == 2 ]]"
}
