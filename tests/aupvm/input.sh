# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # check has OUT, log, aupvm, prefix
#
# input.sh - where the log comes from, what is wrong with it, and options that
# cannot be

# Three logs, of which each has what another lacks; and what is called alike.
make_rotated() {
	logs=$OUT/$1
	mkdir "$logs"
	{ start 1; call 2; call 3; } >"$logs/audit.log$3"
	{ record 4 2; call 5; } >"$logs/audit.log$2"
	{ record 6 3; record 7 5; } >"$logs/audit.log"
	later "$logs/audit.log"
}

# all_three NAME [STATUS [DOUBT]]: nothing else is there.
all_three() {
	local want=$holds
	((${2:-0} == 0)) || want=$cannot
	run -if "$logs" --verify
	check "$1 are one" gave "${2:-0}" < <(printf '%s\n' "$heading" \
		"$(row - 3 3 0 0 0 0)" "${@:3}" "$want")
	run -if "$logs" --format csv
	check "$1 are read from the oldest on" chosen "2 3 5"
}

# names_it NAME SENTENCE...: on standard error, as LOGS
names_it() {
	local name=$1
	shift
	check "$name" diff <(printf 'aupvm: LOGS/%s\n' "$@") \
		<(sed "s|$logs|LOGS|g" "$OUT/err")
}

input_rotated() {
	make_rotated numbers .1 .2
	all_three "rotated logs in a folder"
	cat "$logs"/audit.log.{2,1} "$logs/audit.log" >"$log"
	run --verify <"$log"
	check "standard input, a file" grep -qx "$holds" "$OUT/out"
	cat "$log" | run --verify
	check "standard input, a pipe" grep -qx "$holds" "$OUT/out"
	gzip <"$log" | run --verify
	check "standard input, compressed" grep -qx "$holds" "$OUT/out"

	make_rotated tenth .9 .10
	run -if "$logs" --format csv
	check "numbers are no text" chosen "2 3 5"
	make_rotated dates -20261128 -20261127
	all_three "logs with dates"
	make_rotated mixed -20261127 .1
	all_three "logs with numbers and dates, by the time at which they begin"
	gzip "$logs/audit.log.1" "$logs/audit.log-20261127"
	all_three "compressed logs"
	check "and nothing is said of them" test ! -s "$OUT/err"
}

input_left_out() {
	local unread="doubt: the log: not all of it could be read"
	make_rotated gap .1 .3
	all_three "logs of which one is missing" 3 "$unread"
	names_it "the one that is missing is named" \
		"audit.log.2: missing, while LOGS/audit.log.3 is there"
	make_rotated packed .1 .2
	echo x >"$logs/audit.log.3.xz"
	all_three "logs, and one that we cannot uncompress" 3 "$unread"
	names_it "which is named" "audit.log.3.xz: left out: it is compressed, and not by gzip; uncompress it"
	make_rotated alike .1 .2
	cp "$logs/audit.log" "$logs/audit.log.bak"
	cp "$logs/audit.log" "$logs/audit.logic"
	gzip -k "$logs/audit.log.2"
	all_three "logs, and others that are called alike"
	check "which are named" diff <(printf 'aupvm: LOGS/%s\n' \
		"audit.log.2.gz: left out: it is there uncompressed as well" \
		"audit.log.bak: left out: it is not called like a rotated log; -if reads it") \
		<(sed "s|$logs|LOGS|g" "$OUT/err" | sort)
	gzip -k "$logs/audit.log.1"
	head -c 100 "$logs/audit.log.1.gz" >"$log"
	run -if "$log" --verify
	check "a compressed log that was cut is no whole one" eval \
		"grep -qxF '$unread' $OUT/out && ended 3 && grep -q 'cannot be read beyond line' $OUT/err"
	{ printf '\xfd7zXZ\0'; echo rest; } >"$log"
	run -if "$log"
	check "a log that xz has compressed is named" said 2 \
		"aupvm: LOG: compressed by xz; try: xz -dc LOG | aupvm"

	cp "$logs/audit.log.1" "$logs/audit.log-20261127"
	run -if "$logs" --verify
	check "a log that is there twice counts once" eval "ended 0 && \
		grep -q \"1 of the plugin's records are there again\" $OUT/out"
}

# damaged NAME WHY <LINE: between two good calls; both are shown, and the line
# is named.
damaged() {
	{ start 1; call 2; record 3 2; cat; call 4; record 5 4; } >"$log"
	says "damage: $1 is reported" 2 "LOG:4: $2" --format csv
	sed -i 1s/.*/kind/ "$OUT/out"
	check "damage: $1 does not hide the rest" eval \
		"echo 0 >$OUT/status; chosen '2 4'"
}

input_damaged() {
	echo "half a line" | damaged "garbage" "not an audit record"
	call 9 | sed 's/audit(.*):/audit(never):/' |
		damaged "no id" "its id is none"
	call 9 | sed 's/\.009:/.9:/' |
		damaged "milliseconds of one digit" "its id is none"
	call 9 | sed 's/ success=.*//' | damaged "a cut within the call" \
		"no usable arch= and syscall="
	call 9 | sed 's/ a2=1//' | damaged "no a2" "no usable a2="
	record 9 2 | sed 's/ res=.*//' | damaged "a record without its end" \
		"its end is missing"
	call 9 | sed 's/tty=/tty\x00/' | damaged "a NUL byte" \
		"a NUL byte is in it"
	call 9 | sed 's/ exit=8//' | damaged "no exit" "no usable exit="
	call 9 | sed 's/ pid=7/ pid=x/' | damaged "an absurd pid" "no usable pid="
	call 9 | sed 's/ uid=0/ uid=4294967296/' |
		damaged "a uid beyond 32 bits" "no usable uid="
	{ call 9 | tr -d '\n'; head -c 70000 /dev/zero | tr '\0' x; echo; } |
		damaged "a long line" "longer than any audit record"
	{ call 9 | tr -d '\n'; head -c 3000000 /dev/zero | tr '\0' x; echo; } |
		damaged "a very long line" "longer than any audit record"
	fold 9 4 2 5 2-5 | sed 's/bytes=/bytes=x/' |
		damaged "bytes of a fold that are none" "no usable bytes="
	record 9 2 | sed 's/ event=[^ ]*//' |
		damaged "no event" "neither event= nor serials="
	record 9 2 part=3/2 | damaged "a part beyond the last" "no usable part="
	record 9 2 part=1/100 | damaged "too many parts" "no usable part="
	fold 9 3 2 5 2-5 | damaged "a wrong count" \
		"count= is not what serials= has"
	fold 9 4 2 5 5-2 | damaged "a range that runs backwards" \
		"no usable serials="
	fold 9 2 2 6 2-6/4 | sed 's|/4|/3|' |
		damaged "a step that does not come to the end" "no usable serials="
	fold 9 4 2 5 2-5/1 | damaged "a step of 1" "no usable serials="
	fold 9 1 2 2 2/2 | damaged "a step without a range" "no usable serials="
	fold 9 2 2 6 2-6/2 | damaged "a count without the step" \
		"count= is not what serials= has"
	fold 9 2 5 2 2,5 | damaged "a fold that ends before it begins" \
		"no usable first= and last="
	user 9 "op=pvm-lost why=feed count=1 start=17" |
		damaged "a loss without a span" \
			"neither first= and last= nor from= and to="
	user 9 "op=pvm-lost why=feed first=$(id 2) last=$(id 2) start=17" |
		damaged "a loss without a count" "no usable count= or why="

	{
		start 1
		call 2
		record 3 2
		user 4 "op=login" 0 | sed 's/audit(.*):/audit(x):/'
		user 5 "op=login" 0 | sed 's/ res=.*//'
		call 6 1 | sed 's/audit(.*):/audit(x):/'
		call 7 310 8 0 'g""db'
		record 8 7
		printf '%s\n' ---- "time->Sat" ""
	} >"$log"
	run -if "$log" --verify
	check "damage: what is others' is no concern" test ! -s "$OUT/err"
	check "a string that is none leaves the call audited" gave 0 <<-END
		$heading
		$(row - 2 2 0 0 0 0)
		$holds
	END

	{ start 1; call 2; record 3 2; call 4 | head -c 100; } >"$log"
	says "damage: a log that was cut is reported" 2 \
		"LOG:4: the log ends in the middle of it" --format csv
	check "damage: what is ahead of the cut is shown" grep -q "$(id 2)" \
		"$OUT/out"

	{ start 1; printf 'garbage\n%.0s' {1..1000}; call 2; record 3 2; } >"$log"
	run -if "$log" --verify
	check "damage: much of it is not reported line by line" eval \
		"[[ \$(wc -l <$OUT/err) == 11 ]] &&
			tail -n 1 $OUT/err | grep -qx 'aupvm: 1000 damaged lines in all'"
	check "damage: --verify says what could be read, and that it cannot tell" \
		gave 3 <<-END
			$heading
			$(row - 1 1 0 0 0 0)
			doubt: the log: 1000 damaged lines may be calls, or records of them
			$cannot
		END
}

# flawed NAME FIELD SED [MEMBER]: one field that cannot be used costs that
# field, the MEMBER in JSON.
flawed() {
	{ start 1; call 2; record 3 2 | sed "$3"; } >"$log"
	says "flaw: $1 is reported" 2 \
		"LOG:3: no usable $2=, which is left out" --format json
	check "flaw: $1 costs that field" costs "${4:-$2}"
	run -if "$log" --verify
	check "flaw: $1 leaves the call enriched" grep -q "= *1 + *0 +" \
		"$OUT/out"
}

# All members that the sound record has, but one.
costs() {
	local field=$1
	members <"$OUT/out" >"$OUT/members"
	{ start 1; call 2; record 3 2; } >"$log"
	run -if "$log" --format json
	members <"$OUT/out" | diff - "$OUT/members" >"$OUT/diff" || :
	[[ $(grep -c '^[<>]' "$OUT/diff") == 1 ]] &&
		grep -q "^< \"$field\":" "$OUT/diff" || {
		cat "$OUT/diff"
		return 1
	}
}

members() {
	grep -oE '"[a-z]+":("[^"]*"|[0-9-]+|\[[^]]*\])'
}

input_flawed() {
	flawed "a number that is none" rlen 's/rlen=8/rlen=0x8/'
	flawed "a string that is none" ocomm 's/ocomm="sshd"/ocomm="s""d"/' comm
	flawed "a list that is none" liov 's/liov=0x7f0000002000:8/liov=7:8/'
	flawed "a word that is none" rel 's/rel=other/rel=o"r/'
}

# handed_on NAME SED: what a syslog daemon, or a copy by another system, makes
# of a log reads as before; names of users come from it, too.
handed_on() {
	log_of_all >"$log"
	run -if "$log" --format csv
	mv "$OUT/out" "$OUT/plain"
	sed -i "$2" "$log"
	run -if "$log" --format csv
	check "handed on: $1" gave 0 <"$OUT/plain"
}

input_handed_on() {
	handed_on "0x1D as #035" 's/\x1d/#035/'
	handed_on "0x1D as \\035" 's/\x1d/\\035/'
	handed_on "0x1D dropped" 's/\x1d//'
	handed_on "0x1D as a space" 's/\x1d/ /'
	handed_on "CR LF" 's/$/\r/'
	handed_on "a space ahead" 's/^/ /'
	handed_on "a key in hex, 0x1D dropped" \
		's/key="pvm-read"/key=70766D2D72656164/; s/\x1d//'
	{ start 1; call 2; record 3 2; printf ' \n\r\n----\r\n'; } |
		sed 's/\x1d.*//; s/$/\r/' >"$log"
	run -if "$log" --format csv
	check "handed on: RAW with CR LF" eval "chosen 2 && grep -q ,pvm-read, $OUT/out"
	check "handed on: blank lines are no damage" test ! -s "$OUT/err"

	sed 's/^/x/; s/msg=audit(\([0-9.:]*\)):/msg=audit(11\/14\/23 22:13:20.100:1) :/
		s/^x//' <"$log" | grep type=SYSCALL >"$OUT/log2"
	mv "$OUT/log2" "$log"
	says "output of ausearch -i is named as such" 2 \
		"LOG:1: ausearch -i has printed it: take the log itself, or ausearch --raw"
}

# No hang and no memory as large as what a record says.
input_absurd() {
	{ start 1; call 2; fold 9 4294967295 1 4294967295 \
		1-4294967295; } >"$log"
	prints "a fold of all serials there are" 0 --verify <<-END
		$heading
		$(row - 1 0 1 0 0 0)
		note: -: 4294967294 folded calls have no SYSCALL record in this log
		$holds
	END
	{
		start 1
		call 2
		for ((i = 0; i < 300; i++)); do
			record 3 $((10 + i)) part=1/64
		done
	} >"$log"
	later "$log"
	run -if "$log" --verify
	check "parts that never become whole" grep -qx \
		"The equation does NOT hold: 301 ids break it." "$OUT/out"
}

# refuses SENTENCE OPTION...
refuses() {
	local sentence=$1
	shift
	run "$@"
	check "refuses $*" said 2 "aupvm: $sentence"
}

input_options() {
	local one="only one of --format, --summary, --graph, --timeline and --verify at a time; see aupvm --help"
	: >"$log"
	refuses "$one" --summary --graph
	refuses "only one of -if, --input-logs and FILE at a time; see aupvm --help" \
		-if x --input-logs
	refuses "--verify is about all calls; of what selects them it takes only -ts, -te and --node; see aupvm --help" \
		--verify -k x
	refuses "-sv 'maybe': expected one of yes, no; see aupvm --help" -sv maybe
	refuses "--into 'disk': expected one of exec, heap, stack, anon, file; see aupvm --help" --into disk
	refuses "-p 'x': expected a number; see aupvm --help" -p x
	refuses "-ui 'nosuch': no such user here; give the number; see aupvm --help" -ui nosuch
	refuses "-ts 'never': expected a date such as 2026-11-21, a time such as 18:00:00, both, or a word such as today; see aupvm --help" -ts never
	refuses "$OUT/x: cannot open: No such file or directory" "$OUT/x"
	refuses "$OUT/nosuch: cannot open: No such file or directory" \
		-if "$OUT/nosuch"
	refuses "$OUT/nosuch/: cannot open: No such file or directory" \
		-if "$OUT/nosuch/"
	refuses "/proc/self/mem: cannot be read beyond line 0: Input/output error" \
		-if /proc/self/mem
	run --version
	check "--version" grep -qxE 'aupvm [0-9.]+' "$OUT/out"
	run --help
	check "completion offers what --help names" every_option
	check "completion of words" eval \
		"[[ \$(completed --into s) == stack && \$(completed -ts r) == recent ]]"
	run -if "$log"
	check "nothing to show ends with 1" gave 1 </dev/null
}

# The options of the last run, which was --help: a line for each.
help_options() {
	sed -nE 's/^  (-[^A-Z]*[a-z]).*/\1/p' "$OUT/out" | sed 's/,//g; s/  .*//'
}

completed() {
	# shellcheck source=completions/aupvm
	source ../../completions/aupvm
	COMP_WORDS=(aupvm "$@")
	COMP_CWORD=$#
	_aupvm
	echo "${COMPREPLY[*]}"
}

# Of each line of --help one spelling is offered, and nothing else.
every_option() {
	local offered options option n=0
	offered=" $(completed -) "
	while read -r options; do
		n=$((n + 1))
		for option in $options; do
			[[ $offered != *" $option "* ]] || continue 2
		done
		echo "$options: not offered"
		return 1
	done < <(help_options)
	((n == $(wc -w <<<"$offered"))) || {
		echo "$n in --help, offered:$offered"
		return 1
	}
}

input_output() {
	{ start 1; call 2; record 3 2; } >"$log"
	"${prefix[@]}" "$aupvm" -if "$log" >/dev/full 2>"$OUT/err" && status=0 ||
		status=$?
	echo "$status" >"$OUT/status"
	check "a full disk is reported" said 2 \
		"aupvm: standard output: No space left on device"
}

# Several files, and folders with logs.
several_files() {
	mkdir -p "$OUT/several"
	{ start 1; call 2; record 3 2; } >"$OUT/several/audit.log"
	{ call 4; record 5 4; } >"$OUT/second"
	run "$OUT/several" "$OUT/second" --format csv
	check "several files and folders" chosen "2 4"
	run --format csv -- "$OUT/second" "$OUT/several"
	check "in any order" chosen "2 4"
	run "$OUT/second" "$OUT/none"
	check "one that is missing" ended 2
	run -if "$OUT/second" "$OUT/several"
	check "not with -if" ended 2
}

check_input() {
	several_files
	input_rotated
	input_left_out
	input_damaged
	input_flawed
	input_handed_on
	input_absurd
	input_options
	input_output
}
