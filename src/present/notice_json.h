/* A notice as the body of a webhook. */
#ifndef PRESENT_NOTICE_JSON_H
#define PRESENT_NOTICE_JSON_H

#include "base/strbuf.h"
#include "present/renderer.h"

/* docs/schema/notification.schema.json, on one line. */
void notice_json(const void *notice, const struct text_style *style, struct strbuf *out);

/* What Slack's incoming webhooks take, and those that do as Slack does (Mattermost, Discord's
 * /slack, Rocket.Chat): names are text there, never markup, link or mention. */
void notice_slack(const void *notice, const struct text_style *style, struct strbuf *out);

#endif
