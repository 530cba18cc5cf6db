// SPDX-License-Identifier: GPL-2.0-or-later
/* fuzz_config.c - anything at all as pvm.conf: all of it taken, or nothing */
#include <string.h>

#include "process/config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pvm_config config, before;
	char why[1024] = "";

	memset(&config, 0x55, sizeof(config));
	before = config;
	if (pvm_config_parse(&config, "pvm.conf", (const char *)data, size, why,
			     sizeof(why))) {
		must(!memcmp(&config, &before, sizeof(config)));
		must(!strncmp(why, "pvm.conf:", 9));
		for (const char *at = why; *at; at++)
			must(*at >= ' ' && *at <= '~');
	} else {
		must(config.queue_depth >= 64 && config.queue_depth <= 65536);
		must(!(config.ring_size & (config.ring_size - 1)));
	}
	return 0;
}
