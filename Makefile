# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: make [TARGET...] [NAME=VALUE...]
#
# See it and test it (as root, for the packages that are missing; your own
# host's audit is not touched):
#   demo            show the plugin at work in a virtual machine
#   check           run all tests
#   check-faults    run the long fault tests: the plugin killed, stopped, cut off
#   check-matrix    run the calls on every kernel and auditd
#   check-package   run the scenarios with the Debian package installed
#   check-systemd   run the Debian package on hosts with systemd, Debian 12, 13
#                   and unstable; end auditd, reboot and cut the power there
#   check-selinux   run it on a host that enforces SELinux's policy: Debian 13
#   check-apparmor  run it on a host that enforces AppArmor's profiles
#   check-races     run the long races
#   check-clones    run them on functions that another compiler has made
#   check-cpus      run the probes on a machine with 40 processors
#   check-stable    build and test in Debian 13
#   check-arm64     build for arm64, and run the calls on its kernels: needs no
#                   such machine
#   bench           measure the cost beside other programs: about 8 minutes
#
# Build and install:
#   all             build the plugin and aupvm in build/ (the default)
#   packages        install the Debian packages that building needs
#   install         install both, auditd's file for the plugin, options, manual
#   install-rules   install the audit rules; RULES=FILE chooses the variant, and
#                   FORCE_RULES=1 replaces rules that you have edited
#   install-selinux  build and install SELinux's policy module; needs
#                   selinux-policy-dev (Fedora: selinux-policy-devel)
#   install-apparmor  install AppArmor's profile
#   uninstall       remove what install has put there; PURGE=1 removes the
#                   options and the rules too
#   deb             build the Debian package in build/deb
#   clean           remove what was built
#   help            print this list
#
# Develop:
#   unit            build the unit tests
#   analyze         run three static analysers
#   fuzz            run each fuzzer for FUZZ_SECONDS=60
#   coverage        show which lines the tests run that need no machine
#   package-test    test the packages' contents
#   pictures        make the pictures in doc/ anew
#
# Parts of these: bench-stage fuzzers guest-programs selinux selinux-broken stage
# test-packages
#
# PREFIX=/usr, SYSCONFDIR=/etc and DESTDIR= say where install and uninstall
# work, BUILD=build where everything else is built.

PREFIX = /usr
SBINDIR = $(PREFIX)/sbin
BINDIR = $(PREFIX)/bin
COMPLETIONDIR = $(PREFIX)/share/bash-completion/completions
MANDIR = $(PREFIX)/share/man
UNITDIR = $(PREFIX)/lib/systemd/system
DROPINDIR = $(UNITDIR)/auditd.service.d
DOCDIR = $(PREFIX)/share/doc/audisp-pvm
RULESDIR = $(DOCDIR)/rules
SYSCONFDIR = /etc
DESTDIR =
BUILD = build

CC = gcc
CLANG = clang
BPFTOOL = bpftool
INSTALL = install
CFLAGS = -O2 -g
LDFLAGS =

WARNINGS = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wundef -Wpointer-arith \
	-Wwrite-strings -Wvla -Wcast-qual

# What some compilers have for some machines only: CET on x86, its like on arm.
try = $(shell $(CC) -Werror $1 -x c -c -o /dev/null /dev/null 2>/dev/null && \
	echo $1)
# Level 3 counts as 2 where compiler or C library do not know it.
HARDENING := -fPIE -fstack-protector-strong \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	$(call try,-fstack-clash-protection) $(call try,-fcf-protection=full) \
	$(call try,-mbranch-protection=standard)
# All functions of libraries are bound at the start: calls need no stubs.
HARDENING += $(call try,-fno-plt)
HARDENING_LD = -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code
# The same bytes from every folder. Compilers name the folder as PWD does.
export PWD := $(CURDIR)
PREFIX_MAP = -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(BUILD)/=build/
ALL_CFLAGS = -std=gnu11 $(WARNINGS) $(HARDENING) -Iinclude -I. -Iplugin \
	-isystem $(BUILD)/bpf -MMD -MP $(PREFIX_MAP) $(CFLAGS)
ALL_LDFLAGS = $(HARDENING_LD) $(LDFLAGS)
LIBS = -lbpf -laudit -lauparse -lcap-ng -lseccomp -pthread

# What the compiler builds for: not always this machine.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
BPF_ARCH = $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(MACHINE)))
MULTIARCH = $(shell $(CC) -print-multiarch)
BPF_CFLAGS = -target bpf -mcpu=v3 -g -O2 -Wall -Wextra -Werror \
	-Wno-unused-parameter -D__TARGET_ARCH_$(BPF_ARCH) -Iinclude \
	-idirafter /usr/include/$(MULTIARCH) $(PREFIX_MAP)

PLUGIN = $(BUILD)/audisp-pvm
LIB_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard lib/*.c)))
LIBRARY = $(BUILD)/libpvm.a
LIBRARY_OBJECTS = $(LIB_OBJECTS) $(patsubst %.c,$(BUILD)/%.o,\
	$(filter-out plugin/main.c,$(sort $(wildcard plugin/*.c plugin/*/*.c))))
AUPVM = $(BUILD)/aupvm/aupvm
AUPVM_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,\
	$(filter-out aupvm/main.c,$(sort $(wildcard aupvm/*.c aupvm/*/*.c))))
SKELETON = $(BUILD)/bpf/pvm.skel.h
UNIT = $(BUILD)/unit
UNIT_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c))

PACKAGES = gcc clang libc6-dev linux-libc-dev libbpf-dev libaudit-dev \
	libauparse-dev libcap-ng-dev libseccomp-dev zlib1g-dev bpftool
TEST_PACKAGES = libcunit1-dev valgrind clang-format libclang-rt-dev \
	shellcheck mandoc clang-tidy cppcheck graphviz strace python3-jsonschema \
	$(shell tests/vm/vm host-packages)
DEB_PACKAGES = debhelper dpkg-dev libcunit1-dev lintian selinux-policy-dev \
	dh-apparmor
RPM_PACKAGES = rpm rpmlint

all: $(PLUGIN) $(AUPVM)

$(PLUGIN): $(BUILD)/plugin/main.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The reader of the logs.
$(AUPVM_OBJECTS) $(BUILD)/aupvm/main.o: ALL_CFLAGS := -Iaupvm $(ALL_CFLAGS)
$(AUPVM): $(BUILD)/aupvm/main.o $(AUPVM_OBJECTS) $(LIB_OBJECTS)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lauparse -laudit -lz -lm

# It knows the plugin's records by the program that has sent them.
PLUGIN_PATH = $(BUILD)/aupvm/plugin_path.h
$(PLUGIN_PATH): FORCE
	@mkdir -p $(@D)
	@echo '#define PVM_PLUGIN_PATH "$(SBINDIR)/audisp-pvm"' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/aupvm/options.o: $(PLUGIN_PATH)
$(BUILD)/aupvm/options.o: ALL_CFLAGS += -I$(BUILD)/aupvm

$(LIBRARY): $(LIBRARY_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c | $(SKELETON)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/plugin/kernel/probes.o $(BUILD)/tests/vm/programs/misfit.o \
	$(BUILD)/tests/vm/programs/verifier.o: $(SKELETON)

$(BUILD)/bpf/pvm.bpf.o: bpf/pvm.bpf.c $(wildcard bpf/*.h) \
		include/pvm/wire.h
	@mkdir -p $(@D)
	$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

# Through libbpf's linker, which keeps BTF and leaves DWARF out: the plugin
# carries the whole object.
$(BUILD)/bpf/pvm.linked.o: $(BUILD)/bpf/pvm.bpf.o
	$(BPFTOOL) gen object $@.new $<
	mv $@.new $@

$(SKELETON): $(BUILD)/bpf/pvm.linked.o
	$(BPFTOOL) gen skeleton $< name pvm_bpf > $@.new
	mv $@.new $@

$(UNIT): $(UNIT_OBJECTS) $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcunit $(LIBS)

$(UNIT_OBJECTS): ALL_CFLAGS += -Itests/unit

# Programs that run in the virtual machine.
PROGRAMS = $(BUILD)/tests/vm/programs
GUEST_PROGRAMS = $(addprefix $(PROGRAMS)/,truth match poke maps cases race calls \
	flood storm ring execrace table decoy confined refuse hostile others attack \
	misfit verifier compat32 handover forbidden)
CASES_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,\
	$(sort $(wildcard tests/vm/programs/case*.c)))

$(PROGRAMS)/truth $(PROGRAMS)/match $(PROGRAMS)/race: \
	$(PROGRAMS)/%: $(PROGRAMS)/%.o $(PROGRAMS)/account.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lauparse -laudit -pthread

SINGLE_FILE = $(addprefix $(PROGRAMS)/,poke maps calls flood storm ring table decoy attack \
	handover)
$(SINGLE_FILE): $(PROGRAMS)/%: $(PROGRAMS)/%.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -pthread

$(PROGRAMS)/hostile $(PROGRAMS)/others: $(PROGRAMS)/%: $(PROGRAMS)/%.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lauparse

$(PROGRAMS)/forbidden: $(PROGRAMS)/forbidden.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -laudit

$(PROGRAMS)/confined $(PROGRAMS)/misfit $(PROGRAMS)/verifier: \
	$(PROGRAMS)/%: $(PROGRAMS)/%.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(PROGRAMS)/refuse: $(PROGRAMS)/refuse.o $(BUILD)/tests/unit/refusal.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ -lcap-ng -lseccomp
$(PROGRAMS)/refuse.o: ALL_CFLAGS += -Itests/unit

# Its mark is at the same address in both of its processes.
$(PROGRAMS)/execrace: tests/vm/programs/execrace.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -fPIE,$(ALL_CFLAGS)) -fno-pie \
		-static $(LDFLAGS) -o $@ $<

# Static: it runs itself in chroots and from odd places.
$(PROGRAMS)/cases: $(CASES_OBJECTS) $(PROGRAMS)/account.o
	$(CC) $(ALL_CFLAGS) -static-pie $(LDFLAGS) -o $@ $^

# A 32-bit program without a C library: the compiler alone makes it, on arm64
# another one.
CC32 = $(if $(filter aarch64,$(MACHINE)),arm-linux-gnueabihf-gcc,$(CC) -m32)
$(PROGRAMS)/compat32: tests/vm/programs/compat32.c tests/vm/programs/compat32.h
	@mkdir -p $(@D)
	$(CC32) -std=gnu11 -O2 $(WARNINGS) -ffreestanding \
		-fno-stack-protector -fno-pie -nostdlib -static -o $@ $<

# Programs that measure, here and in the virtual machine.
BENCH = $(BUILD)/tests/bench/programs
BENCH_PROGRAMS = $(addprefix $(BENCH)/,caller sink used latency reader steps)

$(BENCH_PROGRAMS): %: %.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Fuzzers on the real parsers; FUZZ_SECONDS each.
FUZZ_SECONDS = 60
FUZZERS = line stream ring join record config reader checkpoint
FUZZ_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
FUZZ_BUILD = $(BUILD)/fuzz

fuzz:
	@$(MAKE) -s BUILD=$(FUZZ_BUILD) CC=clang CFLAGS="$(FUZZ_CFLAGS)" fuzzers
	@tests/fuzz/run $(FUZZ_BUILD) $(FUZZ_SECONDS) $(FUZZERS)

$(BUILD)/fuzz_reader $(BUILD)/fuzz_line: $(AUPVM_OBJECTS)
$(BUILD)/tests/fuzz/fuzz_reader.o $(BUILD)/tests/fuzz/fuzz_line.o: \
	ALL_CFLAGS := -Iaupvm $(ALL_CFLAGS)

fuzzers: $(addprefix $(BUILD)/fuzz_,$(FUZZERS))

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/fuzz.o \
		$(LIBRARY)
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer,address,undefined -o $@ \
		$(filter %.o,$^) $(LIBRARY) $(LIBS) -lz

# Lines of the plugin that the tests run which need only this machine.
COVERAGE_BUILD = $(BUILD)/coverage

coverage: test-packages
	@tests/packages gcovr
	@find $(BUILD) -path '$(COVERAGE_BUILD)/*.gcda' -delete
	@$(MAKE) -s BUILD=$(COVERAGE_BUILD) CFLAGS="-O1 -g --coverage" \
		LDFLAGS=--coverage all unit
	@$(COVERAGE_BUILD)/unit >$(COVERAGE_BUILD)/unit.log 2>&1
	@tests/plugin/check $(CURDIR)/$(COVERAGE_BUILD)/audisp-pvm \
		>$(COVERAGE_BUILD)/plugin.log
	@gcovr --root . --filter plugin/ --filter lib/

# What the tests need that run on this machine.
unit: $(UNIT) $(PROGRAMS)/handover
guest-programs: $(GUEST_PROGRAMS)

AUDITDIR = $(DESTDIR)$(SYSCONFDIR)/audit
DOCS = README.md NEWS.md SECURITY.md
MANPAGES = $(wildcard man/*.[1-8])
RULES_FILES = $(wildcard rules/*)
PICTURES = $(wildcard doc/*.svg)

# A configuration file that is there already stays as it is.
define install_config
	@if [ -e $(AUDITDIR)/$2 ]; then \
		echo "keeping $(AUDITDIR)/$2"; \
	else \
		$(INSTALL) -m 0640 $1 $(AUDITDIR)/$2; \
	fi
endef

# auditd on Debian starts a plugin only when it belongs to root and its mode is
# 0750 or wider; we leave others nothing.
install: all
	$(INSTALL) -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(DOCDIR) \
		$(DESTDIR)$(RULESDIR)
	$(INSTALL) -d -m 0750 $(AUDITDIR) $(AUDITDIR)/plugins.d
	$(INSTALL) -m 0750 $(PLUGIN) $(DESTDIR)$(SBINDIR)/audisp-pvm
	sed 's|^path = .*|path = $(SBINDIR)/audisp-pvm|' audisp-pvm.conf \
		> $(BUILD)/audisp-pvm.conf
	$(call install_config,$(BUILD)/audisp-pvm.conf,plugins.d/audisp-pvm.conf)
	$(call install_config,pvm.conf,pvm.conf)
	$(INSTALL) -D -m 0755 -t $(DESTDIR)$(BINDIR) $(AUPVM)
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(COMPLETIONDIR) completions/aupvm
	$(INSTALL) -d $(DESTDIR)$(DROPINDIR)
	$(INSTALL) -m 0644 packaging/systemd/auditd.service.d.conf \
		$(DESTDIR)$(DROPINDIR)/audisp-pvm.conf
	sed 's|^ExecStart=/usr/bin/|ExecStart=$(BINDIR)/|' \
		packaging/systemd/aupvm-follow.service \
		> $(BUILD)/aupvm-follow.service
	$(INSTALL) -m 0644 -t $(DESTDIR)$(UNITDIR) $(BUILD)/aupvm-follow.service
	$(INSTALL) -m 0644 $(DOCS) $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 0644 $(RULES_FILES) $(DESTDIR)$(RULESDIR)
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DOCDIR)/doc $(PICTURES)
	for page in $(MANPAGES); do \
		$(INSTALL) -D -m 0644 -t \
			$(DESTDIR)$(MANDIR)/man$${page##*.} $$page || exit; \
	done

# One of the variants, all under the same name: each replaces the one before.
# Rules that are none of these variants byte for byte are the site's own.
RULES = 42-pvm.rules
FORCE_RULES =
install-rules:
	$(INSTALL) -d -m 0750 $(AUDITDIR)/rules.d
	@rules=$(AUDITDIR)/rules.d/42-pvm.rules; \
	ours=$(FORCE_RULES); \
	[ -e $$rules ] || ours=1; \
	for variant in rules/42-pvm*.rules; do \
		! cmp -s $$variant $$rules || ours=1; \
	done; \
	if [ "$$ours" ]; then \
		$(INSTALL) -m 0640 rules/$(RULES) $$rules && \
		echo "Now load them: augenrules --load"; \
	else \
		echo "keeping $$rules, which has been edited;" \
			"to replace it: make install-rules FORCE_RULES=1"; \
	fi

# SELinux's policy module. Where its tools look for it does not depend on PREFIX.
SELINUXDIR = $(DESTDIR)/usr/share/selinux/packages
SELINUX_DEVEL = /usr/share/selinux/devel/Makefile
SELINUX_MODULE = $(BUILD)/selinux/audisp_pvm.pp

$(SELINUX_MODULE): $(wildcard packaging/selinux/audisp_pvm.*)
	@mkdir -p $(@D)
	cp $^ $(@D)
	$(MAKE) -C $(@D) -f $(SELINUX_DEVEL) NAME=default $(@F)

# A copy that the tests load, which lacks the rule for standard input.
SELINUX_BROKEN = $(BUILD)/selinux-broken/audisp_pvm.pp
$(SELINUX_BROKEN): $(wildcard packaging/selinux/audisp_pvm.*)
	@mkdir -p $(@D)
	cp packaging/selinux/audisp_pvm.fc packaging/selinux/audisp_pvm.if $(@D)
	grep -v "auditd_t:unix_stream_socket" packaging/selinux/audisp_pvm.te \
		>$(@D)/audisp_pvm.te
	$(MAKE) -C $(@D) -f $(SELINUX_DEVEL) NAME=default $(@F)

selinux: $(SELINUX_MODULE)
selinux-broken: $(SELINUX_BROKEN)

install-selinux: $(SELINUX_MODULE)
	$(INSTALL) -D -m 0644 -t $(SELINUXDIR) $(SELINUX_MODULE)
	@[ "$(DESTDIR)" ] || echo "Now load it, see README.md: semodule -i" \
		"$(SELINUXDIR)/$(notdir $(SELINUX_MODULE))"

APPARMORDIR = $(DESTDIR)/etc/apparmor.d
APPARMOR_PROFILE = usr.sbin.audisp-pvm
install-apparmor:
	$(INSTALL) -D -m 0644 -t $(APPARMORDIR) \
		packaging/apparmor/$(APPARMOR_PROFILE)
	@[ "$(DESTDIR)" ] || echo "Now load it: apparmor_parser -r" \
		"$(APPARMORDIR)/$(APPARMOR_PROFILE)"

# What all these have put there. Configuration stays, as with a distribution's
# packages, unless PURGE is set.
CONFIGURATION = $(AUDITDIR)/plugins.d/audisp-pvm.conf $(AUDITDIR)/pvm.conf \
	$(AUDITDIR)/rules.d/42-pvm.rules $(APPARMORDIR)/$(APPARMOR_PROFILE)
PURGE =
uninstall:
	rm -f $(DESTDIR)$(SBINDIR)/audisp-pvm $(DESTDIR)$(BINDIR)/aupvm \
		$(DESTDIR)$(COMPLETIONDIR)/aupvm \
		$(SELINUXDIR)/$(notdir $(SELINUX_MODULE)) \
		$(DESTDIR)$(DROPINDIR)/audisp-pvm.conf \
		$(DESTDIR)$(UNITDIR)/aupvm-follow.service
	rm -f $(addprefix $(DESTDIR)$(DOCDIR)/,$(DOCS) $(PICTURES))
	rm -f $(addprefix $(DESTDIR)$(RULESDIR)/,$(notdir $(RULES_FILES)))
	rm -f $(foreach page,$(MANPAGES),\
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
	for folder in $(DESTDIR)$(RULESDIR) $(DESTDIR)$(DOCDIR)/doc \
			$(DESTDIR)$(DOCDIR) $(DESTDIR)$(DROPINDIR); do \
		[ ! -d $$folder ] || rmdir --ignore-fail-on-non-empty $$folder; \
	done
	@for file in $(CONFIGURATION); do \
		[ -e $$file ] || continue; \
		if [ "$(PURGE)" ]; then \
			echo "rm -f $$file"; \
			rm -f $$file; \
		else \
			echo "keeping $$file; make uninstall PURGE=1 removes it"; \
		fi; \
	done
	@[ ! "$(PURGE)" ] || rm -rf $(DESTDIR)/var/lib/audisp-pvm
	@echo "To end a plugin that runs: pkill -HUP -x auditd"
	@[ ! "$(PURGE)" ] || echo "To unload the rules: augenrules --load"

# The list at the top of this file.
help:
	@sed -n '/^# usage/,/^$$/s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

# What the virtual machine gets: the plugin as installed, rules, test programs.
STAGE = $(BUILD)/stage
stage: all guest-programs
	rm -rf $(STAGE)
	$(MAKE) -s install install-rules DESTDIR=$(STAGE) BUILD=$(BUILD) \
		>/dev/null
	$(INSTALL) -d $(STAGE)/pvm-tests
	$(INSTALL) -m 0755 $(GUEST_PROGRAMS) tests/aupvm/enlarge \
		tests/aupvm/speed $(STAGE)/pvm-tests
	$(INSTALL) -m 0644 man/audisp-pvm.8 $(STAGE)/pvm-tests

# The Debian package, in $(BUILD)/deb.
deb: packages
	@tests/packages $(DEB_PACKAGES)
	@packaging/build-deb $(BUILD)/deb

packages:
	@tests/packages $(PACKAGES)

test-packages: packages
	@tests/packages $(TEST_PACKAGES)

analyze: test-packages
	@$(MAKE) -s $(SKELETON) $(PLUGIN_PATH)
	@tests/analyze $(BUILD) -std=gnu11 $(WARNINGS) -Iinclude -I. -Iplugin \
		-Iaupvm -isystem $(BUILD)/bpf -I$(BUILD)/aupvm

demo: test-packages
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/vm/demo $(STAGE)

# Those in README.md, from a run of the demo.
pictures: demo
	@cp $(BUILD)/vm/run/demo/out/demo-graph.svg doc/graph.svg
	@cp $(BUILD)/vm/run/demo/out/demo-timeline.svg doc/timeline.svg
	@dot -Tsvg -o doc/flow.svg doc/flow.dot

check: test-packages
	@BUILD=$(BUILD) tests/check

# In Debian stable, whatever this machine runs.
check-stable: test-packages
	@BUILD=$(BUILD) tests/stable trixie make libcunit1-dev $(PACKAGES)

# Eight minutes, most of them until the machine is up.
# What other compilers make of the functions that are probed: minutes.
check-clones: test-packages
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/clones/run

check-cpus: test-packages
	@BUILD=$(BUILD) tests/check table

# Long races, whose outcome rests on the machine's load as well.
check-races: test-packages
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/vm/vm run --overlay $(STAGE) --timeout 600 \
		tests/vm/scenarios/maps restless
	@BUILD=$(BUILD) tests/vm/vm run --overlay $(STAGE) --timeout 1200 \
		tests/vm/scenarios/race 40000

# What can go wrong on the way to the log, the long ones too.
check-faults: test-packages
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/vm/vm run --overlay $(STAGE) --timeout 3600 \
		tests/vm/scenarios/faults
	@BUILD=$(BUILD) tests/vm/vm run --overlay $(STAGE) --timeout 3000 \
		--memory 4096 --name million tests/vm/scenarios/faults million

# The packages by themselves; what virtual machines need to test them is left
# in $(BUILD)/package.
package-test: deb test-packages
	@tests/packages $(RPM_PACKAGES)
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/package

# All the scenarios, with the package installed in place of make install.
check-package: package-test
	@BUILD=$(BUILD) STAGE=$(BUILD)/package/stage \
		SCENARIOS=$(BUILD)/package/scenarios tests/check scenarios

# With auditd from its own unit, in the Debians that we have packages for.
check-systemd: package-test
	@BUILD=$(BUILD) tests/matrix --systemd

# With SELinux enforcing.
check-selinux: package-test
	@BUILD=$(BUILD) tests/matrix --selinux

# With AppArmor enforcing.
check-apparmor: package-test
	@BUILD=$(BUILD) tests/matrix --apparmor

check-matrix: test-packages
	@$(MAKE) -s -j stage
	@BUILD=$(BUILD) tests/matrix

# On emulated arm64 machines, as built by the cross compiler.
check-arm64: test-packages
	@tests/packages $(shell tests/vm/vm host-packages arm64)
	@BUILD=$(BUILD) tests/cross $(PACKAGES) $(DEB_PACKAGES)
	@BUILD=$(BUILD) tests/matrix --arm64

# What it costs, beside other programs that do the like.
bench: test-packages
	@$(MAKE) -s -j stage bench-stage
	@BUILD=$(BUILD) tests/bench/run

BENCH_STAGE = $(BUILD)/bench/stage
bench-stage: $(BENCH_PROGRAMS)
	rm -rf $(BENCH_STAGE)
	$(INSTALL) -D -t $(BENCH_STAGE)/pvm-tests/bench $^ \
		tests/bench/programs/calls.bt

clean:
	rm -rf $(BUILD)/plugin $(BUILD)/aupvm $(BUILD)/lib $(BUILD)/tests $(BUILD)/bpf \
		$(BUILD)/selinux $(BUILD)/selinux-broken \
		$(PLUGIN) $(LIBRARY) $(UNIT)

.PHONY: all analyze bench bench-stage coverage fuzz fuzzers unit \
	guest-programs help install install-rules install-apparmor \
	install-selinux uninstall stage deb selinux selinux-broken \
	package-test packages test-packages demo pictures check check-faults \
	check-clones check-cpus check-matrix check-package check-races check-stable \
	check-apparmor check-arm64 check-selinux check-systemd clean FORCE
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/tests/*/*/*.d)
