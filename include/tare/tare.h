/* tare: performance baselines of a program, and word when it became slower. See the headers. */
#ifndef TARE_TARE_H
#define TARE_TARE_H

#include "tare/better.h"
#include "tare/error.h"
#include "tare/metric.h"
#include "tare/sample.h"
#include "tare/span.h"
#include "tare/status.h"
#include "tare/tracker.h"

#endif
