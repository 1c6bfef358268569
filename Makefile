# SPDX-License-Identifier: GPL-3.0-or-later
# A thin front over Meson. `make demo` and `make test` are all that a new checkout needs.

BUILD ?= build
SANITIZE ?= build-sanitize
PREFIX ?= /usr/local
WERROR ?= false
DESTDIR ?=
END_TO_END ?=

.PHONY: all sanitize test e2e demo bench install packages browser end-to-end format clean

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

# The same, and what a browser has to be there for (tests/browser).
browser:
	@tools/packages browser

# The same, and what makes the image of a host (tests/e2e).
end-to-end:
	@tools/packages end-to-end

# The whole suite, then all of it under AddressSanitizer and UndefinedBehaviorSanitizer
# again; with END_TO_END=yes the test in tests/e2e too. Ends with `N passed, N failed`.
test: browser $(END_TO_END:yes=end-to-end) all sanitize
	@tests/run $(BUILD) $(SANITIZE) $(END_TO_END)

# A real Debian in an emulated machine is prepared, restarted, and given back; see tests/e2e/run.
e2e: end-to-end all
	@tests/e2e/run $(BUILD)

# The main job on this host; the guest's screen ends up in $(BUILD)/demo-screen.png.
demo: all
	@tools/demo $(BUILD)

# Side by side with what a person would use instead; see tests/bench.
bench: all
	@tests/bench/run $(BUILD)

install: all
	meson configure $(BUILD) -Dprefix=$(PREFIX)
	meson compile -C $(BUILD)
	DESTDIR="$(DESTDIR)" meson install -C $(BUILD) --no-rebuild

format:
	git ls-files 'src/*.[ch]' 'probe/*.[ch]' 'tests/*.[ch]' | xargs clang-format -i

clean:
	rm -rf $(BUILD) $(SANITIZE)
