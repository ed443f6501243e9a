#!/bin/sh
# Names are text in every format of a report: no markup, no cell, no formula, no escape sequence.
. "${0%/*}/lib.sh"
repository
export TARE_STORE="$PWD/tare.db"
evil='=1|2<img src=x onerror=alert(1)>"&amp;[a](http://x)`@octocat'
esc=$(printf 'a\033[31mb')
for value in 100 101 102 300 301; do
    record "$evil" $value --unit '<ms>|' --app "$evil" --branch "$evil" --env "$evil" --label "k=$evil" 2>/dev/null
done
record plain 1 --unit ms --app "$esc" 2>/dev/null
tare targets set "$evil" 50 >/dev/null 2>&1

succeeds 'Markdown' tare report --format markdown
unlike 'has no tag' "$out" '<[a-z/!]'
unlike 'no link' "$out" '[^\\]\]\('
unlike 'and calls nobody' "$out" '(^|[^a-z])@octocat'
rows=$(printf '%s\n' "$out" | grep '^|' | sed 's/\\\\//g; s/\\|//g' | sed -n 's/[^|]//gp' | sort -u | tr '\n' ' ')
is 'no row has more cells than its table' "$rows" '|||||||||| '
succeeds 'CSV' tare report --format csv
if printf '%s\n' "$out" | "$PYTHON" -c 'import csv, sys
rows = list(csv.reader(sys.stdin))
assert len({len(row) for row in rows}) == 1, [len(row) for row in rows]
assert sys.argv[1] in [row[0][1:] for row in rows], rows
assert not [cell for row in rows for cell in row if cell and cell[0] in "=@\t" or cell[:1] in "+-" and cell[1:2].isalpha()], rows' "$evil" 2>why
then pass 'has as many cells in every line, and no formula'; else
    fail 'has as many cells in every line, and no formula'
    note "$(cat why)"
fi
succeeds 'JSON' tare report --format json
json_is 'has the name as it is' 'd["metrics"][0]["id"]' "$evil"
succeeds 'HTML' tare report --format html
if printf '%s\n' "$out" | "$PYTHON" -c '
import base64, hashlib, html.parser, re, sys
wanted = {"html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3", "h4", "p", "b", "code", "ul", "li",
          "span", "section", "article", "svg", "path", "rect", "circle", "text", "small", "dl", "dt", "dd", "div", "table", "thead",
          "tbody", "tr", "th", "td", "br", "time", "footer"}
class Page(html.parser.HTMLParser):
    open, text, policy, style = [], "", "", ""
    def handle_starttag(self, tag, attributes):
        assert tag in wanted, tag
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("href", "src", "style", "srcset", "action"), (tag, name)
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attributes:
            self.policy = dict(attributes)["content"]
        if tag not in ("meta", "br"):
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        assert tag in wanted, tag
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data
page = Page()
source = sys.stdin.read()
page.feed(source)
assert not page.open, page.open
assert sys.argv[1] in page.text, "the name is not there as it is"
digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
assert f"style-src \x27sha256-{digest}\x27" in page.policy and "default-src \x27none\x27" in page.policy, page.policy
assert "url(" not in page.style and "@import" not in page.style
assert not re.search("https?://(?!x)", source)
' "$evil" 2>why
then pass 'has only our own tags, each closed, no handler, no link, and a policy that lets its style in'; else
    fail 'HTML has only our own tags'
    note "$(tail -n 3 why)"
fi
for format in text markdown csv json html; do
    succeeds "$format again" tare report --format $format
    unlike 'has no escape sequence' "$out" "$(printf '\033')"
done
the_end
