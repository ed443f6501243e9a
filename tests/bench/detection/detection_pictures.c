/* Writes the pictures of docs/detection.md: detection_pictures FOLDER */
#include "generator.h"
#include "histories.h"

#include "stats/change_points.h"

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 720, HEIGHT = 170, TOP = 30, BOTTOM = 150, PEOPLE_TOP = 154 };

struct picture {
    const char *file, *title;
    const double *values;
    size_t n;
    const struct history *people; /* NULL: nobody marked it */
    double low, high;
};

static double across(const struct picture *picture, double index)
{
    return 10 + (WIDTH - 20) * index / (double)picture->n;
}

/* Values beyond the frame stand at its edge. */
static double down(const struct picture *picture, double value)
{
    double part = (value - picture->low) / (picture->high - picture->low);
    return BOTTOM - (BOTTOM - TOP) * fmin(fmax(part, 0), 1);
}

static int order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The frame holds all but the outermost hundredth. */
static void picture_frame(struct picture *picture)
{
    double *sorted = calloc(picture->n, sizeof *sorted);
    if (!sorted)
        err(1, "picture");
    memcpy(sorted, picture->values, picture->n * sizeof *sorted);
    qsort(sorted, picture->n, sizeof *sorted, order);
    size_t edge = picture->n / 200;
    picture->low = sorted[edge];
    picture->high = sorted[picture->n - 1 - edge];
    free(sorted);
}

static void dots_write(FILE *out, const struct picture *picture)
{
    fputs("<path stroke=\"#5b7db1\" stroke-width=\"2.4\" stroke-linecap=\"round\" d=\"", out);
    for (size_t i = 0; i < picture->n; i++)
        fprintf(out, "M%.1f %.1fh.1", across(picture, (double)i),
                down(picture, picture->values[i]));
    fputs("\"/>\n", out);
}

static void levels_write(FILE *out, const struct picture *picture)
{
    struct change_point *points = calloc(change_points_most(picture->n) + 1, sizeof *points);
    void *scratch = malloc(change_points_scratch(picture->n));
    if (!points || !scratch)
        err(1, "picture");
    size_t count = change_points_find(picture->values, picture->n, NULL, scratch, points);
    for (size_t i = 0; i < count; i++) {
        double at = across(picture, (double)points[i].index);
        double from = across(picture, i > 0 ? (double)points[i - 1].index : 0);
        fprintf(out, "<path stroke=\"#c2571a\" stroke-dasharray=\"4 3\" d=\"M%.1f %dV%d\"/>\n", at,
                TOP, BOTTOM);
        fprintf(out, "<path stroke=\"#c2571a\" stroke-width=\"2\" d=\"M%.1f %.1fH%.1f\"/>\n", from,
                down(picture, points[i].before), at);
        if (i + 1 == count)
            fprintf(out, "<path stroke=\"#c2571a\" stroke-width=\"2\" d=\"M%.1f %.1fH%d\"/>\n", at,
                    down(picture, points[i].after), WIDTH - 10);
    }
    free(points);
    free(scratch);
}

/* A row of ticks for each person. */
static void people_write(FILE *out, const struct picture *picture)
{
    for (size_t p = 0; picture->people && p < picture->people->people_count; p++) {
        const struct marks *marks = &picture->people->people[p];
        for (size_t i = 0; i < marks->count; i++)
            fprintf(out, "<path stroke=\"#333\" d=\"M%.1f %zuv5\"/>\n",
                    across(picture, (double)marks->at[i]), PEOPLE_TOP + 7 * p);
    }
}

static void picture_write(const char *folder, struct picture picture)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.svg", folder, picture.file);
    FILE *out = fopen(path, "w");
    if (!out)
        err(1, "%s", path);
    picture_frame(&picture);
    int height = HEIGHT + (picture.people ? 25 : 0);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" fill=\"none\">\n",
            WIDTH, height);
    fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    fprintf(out,
            "<text x=\"10\" y=\"18\" fill=\"#222\" font-family=\"sans-serif\" "
            "font-size=\"13\">%s</text>\n",
            picture.title);
    dots_write(out, &picture);
    levels_write(out, &picture);
    people_write(out, &picture);
    fputs("</svg>\n", out);
    if (fclose(out) != 0)
        err(1, "%s", path);
}

static void pictures_made(const char *folder)
{
    double values[400];
    struct generator generator = {42};
    generator_noise(&generator, NOISE_LOGNORMAL, values, 200);
    for (size_t i = 0; i < 200; i++)
        values[i] += i >= 130 ? 0.3 : i >= 70 ? 1.5 : 0;
    picture_write(folder, (struct picture){"detection-small-steps",
                                           "two steps, 1.5 and 1.2 sigma, in lognormal noise",
                                           values, 200, NULL, 0, 0});
    generator_noise(&generator, NOISE_SPIKES, values, 300);
    for (size_t i = 0; i < 300; i++)
        values[i] += (i >= 200 ? 3 : 0) + (i >= 90 && i < 93 ? 12 : 0);
    picture_write(folder, (struct picture){"detection-spikes",
                                           "spikes, three of them in a row, and a step", values,
                                           300, NULL, 0, 0});
    generator_noise(&generator, NOISE_NORMAL, values, 400);
    for (size_t i = 0; i < 400; i++)
        values[i] += 0.02 * (double)i + (i >= 280 ? 6 : 0);
    picture_write(folder, (struct picture){"detection-slope", "a slope, with one step in it",
                                           values, 400, NULL, 0, 0});
}

static void pictures_read(const char *folder)
{
    static const char *const shown[] = {"sap_8904_split1", "sap_6577_split2"};
    static const char *const files[] = {"detection-sap-8904", "detection-sap-6577"};
    struct histories histories = histories_read("sap-hana");
    if (histories.count == 0)
        warnx("no shared data (set TARE_SHARED): the real histories are left out");
    for (size_t i = 0; i < histories.count; i++) {
        const struct history *history = &histories.at[i];
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
            if (strcmp(history->name, shown[k]) == 0)
                picture_write(folder,
                              (struct picture){files[k],
                                               "a history of SAP HANA (CC-BY-4.0); ticks: "
                                               "what five people marked",
                                               history->values, history->n, history, 0, 0});
    }
    histories_free(&histories);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        errx(2, "usage: detection_pictures FOLDER");
    pictures_made(argv[1]);
    pictures_read(argv[1]);
    return 0;
}
