#include "collect/json_tree.h"

#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

static struct json_tree tree;
static char wrong[JSON_WRONG_SIZE];
static size_t column;

static struct json_node *read_text(const char *text)
{
    return json_tree_read(&tree, text, strlen(text), &column, wrong);
}

TEST(json_tree__is_what_the_text_says)
{
    json_tree_init(&tree);
    struct json_node *root = read_text(
        "{\"a\": [1, -2.5e3, \"x\\u00e9\\n\"], \"b\": {\"c\": null}, "
        "\"d\": true, \"e\": false, \"\": 7}");
    assert_non_null(root);
    assert_int_equal(root->kind, TREE_OBJECT);
    assert_int_equal(root->count, 5);
    struct json_node *a = json_node_member(root, "a");
    assert_int_equal(a->count, 3);
    assert_true(json_node_item(a, 0)->number == 1 && json_node_item(a, 1)->number == -2500);
    assert_string_equal(json_node_item(a, 2)->text, "x\xc3\xa9\n");
    assert_null(json_node_item(a, 3));
    assert_int_equal(json_node_member(json_node_member(root, "b"), "c")->kind, TREE_NULL);
    assert_int_equal(json_node_member(root, "d")->kind, TREE_TRUE);
    assert_int_equal(json_node_member(root, "e")->kind, TREE_FALSE);
    assert_true(json_node_member(root, "")->number == 7);
    assert_null(json_node_member(root, "f"));
    assert_null(json_node_member(a, "a"));
    assert_null(json_node_member(NULL, "a"));
    assert_ptr_equal(json_node_member(root, "a"), a); /* in any order, again and again */
    json_tree_release(&tree);
}

TEST(json_tree__is_used_again)
{
    char text[64];
    json_tree_init(&tree);
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "{\"number\": %d, \"list\": [[], {}, [%d]]}", i, i);
        struct json_node *root = read_text(text);
        assert_non_null(root);
        assert_true(json_node_member(root, "number")->number == i);
        struct json_node *list = json_node_member(root, "list");
        assert_true(json_node_item(json_node_item(list, 2), 0)->number == i);
        assert_int_equal(json_node_item(list, 0)->count, 0);
    }
    json_tree_release(&tree);
}

TEST(json_tree__grows_with_the_document)
{
    enum { ITEMS = 40000 };
    char *text = malloc(16 * ITEMS), *end = text;
    assert_non_null(text);
    json_tree_init(&tree);
    *end++ = '{';
    for (int i = 0; i < ITEMS; i++)
        end += snprintf(end, 16, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
    *end++ = '}';
    *end = '\0';
    struct json_node *root = read_text(text);
    assert_non_null(root);
    assert_int_equal(root->count, ITEMS);
    assert_true(json_node_member(root, "k39999")->number == 39999);
    snprintf(end - 1, 16, ",\"k17\":0}");
    assert_null(read_text(text));
    assert_string_equal(wrong, "duplicate object key");
    free(text);
    json_tree_release(&tree);
}

TEST(json_tree__refuses_what_is_no_document)
{
    static const char *const bad[] = {"",        "{",          "[1,]",    "{\"a\":1,\"a\":2}",
                                      "1 2",     "[1] x",      "{\"a\"}", "[\"\\u0000\"]",
                                      "[1e999]", "[\"\xff\"]", "[01]",    "nul"};
    json_tree_init(&tree);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(read_text(bad[i]));
        assert_true(wrong[0] != '\0');
        assert_non_null(read_text("[1]")); /* and goes on */
    }
    assert_null(read_text("{\"a\": 1, b}"));
    assert_int_equal(column, 10);
    json_tree_release(&tree);
}
