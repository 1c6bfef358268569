# SPDX-License-Identifier: GPL-3.0-or-later
# A thin front over Meson.

BUILD     ?= build
SANITIZE  ?= build-sanitize
PREFIX    ?= /usr/local
WERROR    ?= false
DESTDIR   ?=

.PHONY: all sanitize test install packages format clean

all: $(BUILD)/build.ninja
	meson compile -C $(BUILD)

sanitize: $(SANITIZE)/build.ninja
	meson compile -C $(SANITIZE)

$(BUILD)/build.ninja: | packages
	meson setup $(BUILD) --prefix=$(PREFIX) -Dwerror=$(WERROR)

$(SANITIZE)/build.ninja: | packages
	meson setup $(SANITIZE) --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined \
		-Dwerror=$(WERROR)

# Installs what is missing of the packages that the build, the tests and a guest need.
packages:
	@tools/packages

# The whole suite, then the developer build under AddressSanitizer and UndefinedBehaviorSanitizer
# with every test but the repeated boots. Ends with `N passed, N failed`.
test: all sanitize
	@tests/run $(BUILD) $(SANITIZE)

install: all
	DESTDIR="$(DESTDIR)" meson install -C $(BUILD) --no-rebuild

format:
	git ls-files 'src/*.[ch]' 'probe/*.[ch]' 'tests/*.[ch]' | xargs clang-format -i

clean:
	rm -rf $(BUILD) $(SANITIZE)
