#include "present/renderer.h"

#include "present/health_reports.h"
#include "present/json_reports.h"
#include "present/notice_json.h"
#include "present/notice_logfmt.h"
#include "present/notice_text.h"
#include "present/notify_reports.h"
#include "present/period_reports.h"
#include "present/summary_text.h"
#include "present/text_reports.h"

#include <string.h>

const struct renderer status_renderers[] = {
    {"text", summary_text}, {"json", status_json}, {NULL, NULL}};
const struct renderer alert_renderers[] = {
    {"text", alert_text}, {"json", alert_json}, {NULL, NULL}};
const struct renderer session_renderers[] = {
    {"text", session_text}, {"json", session_json}, {NULL, NULL}};
const struct renderer metric_renderers[] = {
    {"text", metric_text}, {"json", metric_json}, {NULL, NULL}};
const struct renderer target_renderers[] = {
    {"text", target_text}, {"json", metric_json}, {NULL, NULL}};
const struct renderer baseline_renderers[] = {
    {"text", baseline_text}, {"json", baseline_json}, {NULL, NULL}};
const struct renderer explain_renderers[] = {
    {"text", explain_text}, {"json", explain_json}, {NULL, NULL}};
const struct renderer doctor_renderers[] = {
    {"text", doctor_text}, {"json", doctor_json}, {NULL, NULL}};
const struct renderer notice_renderers[] = {{"text", notice_text},
                                            {"logfmt", notice_logfmt},
                                            {"tare", notice_json},
                                            {"slack", notice_slack},
                                            {NULL, NULL}};

const struct renderer delivery_renderers[] = {
    {"text", delivery_text}, {"json", delivery_json}, {NULL, NULL}};
const struct renderer sink_renderers[] = {{"text", sink_text}, {"json", sink_json}, {NULL, NULL}};
const struct renderer sink_try_renderers[] = {
    {"text", sink_try_text}, {"json", sink_json}, {NULL, NULL}};

const struct renderer comparison_renderers[] = {
    {"text", comparison_text}, {"json", comparison_json}, {NULL, NULL}};
const struct renderer check_renderers[] = {
    {"text", check_text}, {"json", check_json}, {NULL, NULL}};
const struct renderer trend_renderers[] = {
    {"text", trend_text}, {"json", trend_json}, {NULL, NULL}};
const struct renderer analysis_renderers[] = {
    {"text", analysis_text}, {"json", analysis_json}, {NULL, NULL}};

const struct renderer period_renderers[] = {{"text", period_text}, {"markdown", period_markdown},
                                            {"json", period_json}, {"html", period_html},
                                            {"csv", period_csv},   {NULL, NULL}};

const struct renderer health_renderers[] = {
    {"text", health_text}, {"json", health_json}, {NULL, NULL}};

const struct renderer *renderer_find(const struct renderer *table, const char *format)
{
    for (; table->format != NULL; table++)
        if (strcmp(table->format, format) == 0)
            return table;
    return NULL;
}
