// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_selinux.c - whether SELinux stands in the way is read, never guessed
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/selinux.h"
#include "unit.h"

static char context[] = "/tmp/unit-context-XXXXXX";
static char enforce[] = "/tmp/unit-enforce-XXXXXX";

/* A new file with @text, as of @size bytes, under a name of its own. */
static void make_file(char *name, const char *text, size_t size)
{
	int fd;

	strcpy(name + strlen(name) - 6, "XXXXXX");
	fd = mkstemp(name);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, size), (ssize_t)size);
	close(fd);
}

/* NULL for @enforcing: there is no such file. */
static void expect(const char *text, const char *enforcing, const char *want)
{
	char domain[128] = "";
	bool in_the_way;

	/* the kernel's own text ends with a NUL byte */
	make_file(context, text, strlen(text) + 1);
	make_file(enforce, enforcing ? enforcing : "",
		  enforcing ? strlen(enforcing) : 0);
	if (!enforcing)
		unlink(enforce);
	in_the_way = pvm_selinux_read(context, enforce, domain, sizeof(domain));
	unlink(context);
	unlink(enforce);
	SAME_TEXT(in_the_way ? domain : "", want);
}

static void another_domain_is_named(void)
{
	expect("system_u:system_r:auditd_t:s0", "1", "auditd_t");
	expect("system_u:system_r:auditd_t:s0-s0:c0.c1023\n", "1\n",
	       "auditd_t");
	expect("system_u:system_r:initrc_t", "1", "initrc_t");
}

static void our_own_is_not_in_the_way(void)
{
	expect("system_u:system_r:audisp_pvm_t:s0", "1", "");
	expect("system_u:system_r:audisp_pvm_t", "1", "");
}

static void permissive_is_not_in_the_way(void)
{
	expect("system_u:system_r:auditd_t:s0", "0", "");
	expect("system_u:system_r:auditd_t:s0", "", "");
}

static void without_selinux_nothing_is(void)
{
	expect("system_u:system_r:auditd_t:s0", NULL, "");
	expect("unconfined\n", "1", "");
	expect("audisp-pvm (enforce)\n", "1", "");
	expect(":ns:a:b:c (enforce)\n", "1", "");
	expect("a:b:c (enforce)\n", "1", "");
	expect("", "1", "");
}

static void long_names_do_no_harm(void)
{
	char text[2000], domain[8];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	expect(text, "1", "");
	memcpy(text, "u:r:", 4);
	make_file(context, text, sizeof(text));
	make_file(enforce, "1", 1);
	CU_ASSERT_TRUE(
		pvm_selinux_read(context, enforce, domain, sizeof(domain)));
	unlink(context);
	unlink(enforce);
	SAME_TEXT(domain, "xxxxxxx");
}

CU_TestInfo selinux_tests[] = {
	TEST(another_domain_is_named),	    TEST(our_own_is_not_in_the_way),
	TEST(permissive_is_not_in_the_way), TEST(without_selinux_nothing_is),
	TEST(long_names_do_no_harm),	    CU_TEST_INFO_NULL,
};
