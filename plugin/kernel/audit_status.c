// SPDX-License-Identifier: GPL-2.0-or-later
/* audit_status.c - see audit_status.h */
#include <errno.h>
#include <poll.h>

#include "kernel/audit_status.h"

/* How long the kernel may take for one message of an answer. */
#define ANSWER_TIMEOUT_MS 1000

/* The list that a rule is on; the rest of its flags say where in it. */
#define LIST_MASK 0x7

bool pvm_audit_may_exclude(const struct audit_rule_data *rule, uint32_t type)
{
	if ((rule->flags & LIST_MASK) != AUDIT_FILTER_EXCLUDE)
		return false;
	for (uint32_t i = 0; i < rule->field_count && i < AUDIT_MAX_FIELDS; i++)
		if (rule->fields[i] == AUDIT_MSGTYPE &&
		    (rule->fieldflags[i] & AUDIT_OPERATORS) == AUDIT_EQUAL &&
		    rule->values[i] != type)
			return false;
	return true;
}

/* One message of an answer. Returns 0 or -errno. */
static int read_reply(int netlink, struct audit_reply *reply)
{
	struct pollfd pfd = {netlink, POLLIN, 0};

	while (poll(&pfd, 1, ANSWER_TIMEOUT_MS) > 0) {
		if (audit_get_reply(netlink, reply, GET_REPLY_NONBLOCKING, 0) <=
		    0)
			continue;
		if (reply->type != NLMSG_ERROR)
			return 0;
		if (reply->error->error)
			return reply->error->error;
		/* just an acknowledgement */
	}
	return -ETIMEDOUT;
}

/* Ask for audit's state; *@reply holds it then. Returns 0 or -errno. */
static int read_status(int netlink, struct audit_reply *reply)
{
	int err;

	if (audit_request_status(netlink) <= 0)
		return -EPERM;
	do
		err = read_reply(netlink, reply);
	while (!err && reply->type != AUDIT_GET);
	return err;
}

/* Is audit on, with room for a record? Returns 1, 0 or -errno. */
static int has_room(int netlink)
{
	struct audit_reply reply;
	int err = read_status(netlink, &reply);

	if (err)
		return err;
	return reply.status->enabled &&
	       (!reply.status->backlog_limit ||
		reply.status->backlog < reply.status->backlog_limit);
}

/* Is there no rule that may exclude @type? Returns 1, 0 or -errno. */
static int is_not_excluded(int netlink, uint32_t type)
{
	struct audit_reply reply;
	int result = 1, err;

	if (audit_request_rules_list_data(netlink) <= 0)
		return -EPERM;
	while (!(err = read_reply(netlink, &reply)) && reply.type != NLMSG_DONE)
		if (reply.type == AUDIT_LIST_RULES &&
		    pvm_audit_may_exclude(reply.ruledata, type))
			result = 0;
	return err ? err : result;
}

int pvm_audit_writes(uint32_t type)
{
	int netlink = audit_open();
	int result;

	if (netlink < 0)
		return -errno;
	result = has_room(netlink);
	if (result > 0)
		result = is_not_excluded(netlink, type);
	audit_close(netlink);
	return result;
}

int pvm_auditd_is_running(void)
{
	struct audit_reply reply;
	int netlink = audit_open();
	int err;

	if (netlink < 0)
		return -errno;
	err = read_status(netlink, &reply);
	audit_close(netlink);
	return err ? err : reply.status->pid > 0;
}
