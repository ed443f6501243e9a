# The verbs of the working tree. Each installs what it lacks first (Debian's packages), says what it
# installs, and works in a clean checkout.

BUILD  ?= build
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)
NEED    = scripts/need

.PHONY: help build demo test lint bench fuzz asan tsan coverage format install clean

help:
	@echo "tare: performance baselines of programs"
	@echo
	@echo "  make build      build/tare, build/libtare.so, build/libtare.a"
	@echo "  make demo       the main job, shown on real input"
	@echo "  make test       every test"
	@echo "  make lint       format, layers, limits, both compilers' warnings"
	@echo "  make bench      speed and memory as ratios, with their controls; NAME=year only that"
	@echo "  make fuzz       the fuzz targets for FUZZ_SECONDS each (60)"
	@echo "  make asan       the tests under AddressSanitizer and UBSan"
	@echo "  make tsan       the unit tests, the recorder's above all, under ThreadSanitizer"
	@echo "  make coverage   line coverage of the tests, in build-coverage/"
	@echo "  make format     lay the code out with clang-format"
	@echo "  make install    under PREFIX ($(PREFIX)), below DESTDIR"
	@echo "  make clean      remove what was built"

$(BUILD)/build.ninja: meson.build
	@$(NEED) build
	@test -f $@ || meson setup $(BUILD) --prefix=$(PREFIX) >/dev/null

build: $(BUILD)/build.ninja
	@$(NEED) build
	@ninja -C $(BUILD) -j$(JOBS)

demo: build
	@$(NEED) demo
	@scripts/demo $(BUILD)

test: build
	@$(NEED) test
	@scripts/test $(BUILD)

lint:
	@$(NEED) lint
	@scripts/lint

bench: $(BUILD)/build.ninja
	@$(NEED) build
	@ninja -C $(BUILD) -j$(JOBS)
	@scripts/bench $(BUILD) $(NAME)

fuzz:
	@$(NEED) fuzz
	@scripts/fuzz

asan:
	@$(NEED) test
	@scripts/sanitize asan address,undefined

tsan:
	@$(NEED) test
	@scripts/sanitize tsan thread --suite unit # it cannot follow what another process hands on

coverage:
	@$(NEED) coverage
	@test -f build-coverage/build.ninja || meson setup build-coverage -Db_coverage=true \
		-Dc_args=-fprofile-update=atomic -Dwerror=false >/dev/null
	@TARE_INSTRUMENTED=coverage scripts/test build-coverage
	@gcovr --root . --filter src/ --gcov-ignore-parse-errors build-coverage # of killed programs

format:
	@$(NEED) lint
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: build
	@meson configure $(BUILD) -Dprefix=$(PREFIX)
	@ninja -C $(BUILD) -j$(JOBS)
	@meson install -C $(BUILD) --no-rebuild

clean:
	@rm -rf build build-*
