# make           build the tools and plugins in build/
# make demo      install what is missing, build, run the main job on the reviews
# make check     the same set-up, then every test; with SAN=1 under ASan, UBSan
# make check-s3  the same for the S3 tests, against both servers
# make bench     measure against the peers (BENCH_MB=1000 sets the size,
#                BENCH_WORK='split join' which)
# make bench-s3  the same for S3 (needs radosgw, rclone and nginx)
# make bench-cluster  jobs on a Slurm cluster of this machine's own (needs root
#                for nodes with networks of their own, nginx)
# make fuzz      each libFuzzer target for FUZZ_SECONDS=60 (needs clang)
# make torture   break what the tools stand on, each test for TORTURE_SECONDS=120
# make install   PREFIX=/usr/local, DESTDIR for packagers
# make uninstall  with the same PREFIX and DESTDIR
# make deb       Debian packages in build-deb/; make check-deb tests them, and
#                tools/packaging/try-deb SUITE FOLDER in a fresh Debian

VERSION	= 0.1.0
PREFIX	= /usr/local
BINDIR	= $(PREFIX)/bin
LIBDIR	= $(PREFIX)/lib
PLUGINDIR = $(LIBDIR)/bt
INCLUDEDIR = $(PREFIX)/include
MANDIR	= $(PREFIX)/share/man
EXAMPLEDIR = $(PREFIX)/share/bt/examples
COMPLETIONDIR = $(PREFIX)/share/bash-completion/completions

CFLAGS	= -O2 -g
WARN	= -Wall -Wextra -Wshadow -Wmissing-prototypes -Wconversion
SANFLAGS = $(SAN:1=-fsanitize=address,undefined -fno-sanitize-recover=undefined)
ALL_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L \
	-D_FILE_OFFSET_BITS=64 -DBT_VERSION='"$(VERSION)"' \
	-DBT_PLUGIN_DIR='"$(PLUGINDIR)"' -Itools -MMD -MP $(WARN) $(SANFLAGS) \
	$(CFLAGS)

B	= build$(SAN:1=-san)
TOOLS	= $(patsubst tools/%.c,$B/%,$(filter-out tools/bt-s3% \
	$(UNPACK_LACKING),$(wildcard tools/*.c)))
S3TOOLS	= $(if $(S3_LACKING),,$(patsubst tools/%.c,$B/%,$(wildcard tools/bt-s3*.c)))
# Scripts are tools without a suffix.
SCRIPTS	= $(filter-out %.c %.in,$(wildcard tools/bt tools/bt-*))
BUILTSCRIPTS = $(patsubst tools/%,$B/%,$(SCRIPTS))
S3SRC	= $(filter-out tools/s3/module.c,$(wildcard tools/s3/*.c tools/s3/*/*.c))
S3LIB	= $(patsubst %.c,$B/%.o,$(S3SRC))
# What plugins share with the tools: no io.
SHARED	= $(wildcard tools/base/*.c tools/format/*.c tools/format/*/*.c)
LIB	= $(patsubst %.c,$B/%.o,$(SHARED) $(wildcard tools/io/*.c))
PLUGINS	= $(patsubst %,$B/plugins/%.so,$(filter-out $(LACKING),$(PLUGIN_NAMES)))
PLUGIN_NAMES = $(patsubst tools/plugins/%.c,%,$(wildcard tools/plugins/*.c))
# What tests drive from C: the library's functions, and plugins that misbehave.
# What a tool loads where it is asked for S3.
S3MODULE = $(if $(S3_LACKING),,$B/plugins/bt-s3.so)
TESTBIN	= $(patsubst tests/%.c,$B/tests/%,$(filter-out tests/s3_%,$(wildcard tests/*.c)))
S3TESTBIN = $(if $(S3_LACKING),,$(patsubst tests/%.c,$B/tests/%,$(wildcard tests/s3_*.c)))
TESTSO	= $(patsubst tests/%.c,$B/tests/%.so,$(wildcard tests/plugins/*.c tests/torture/*.c))
BENCH	= $(patsubst tests/%.c,$B/%,$(wildcard tests/bench/*.c))
FUZZ	= $(patsubst tests/fuzz/%.c,$B/fuzz/%,$(filter-out \
	$(if $(S3_LACKING),tests/fuzz/s3_%) \
	$(if $(UNPACK_LACKING),tests/fuzz/untar.c),$(wildcard tests/fuzz/*.c)))
FUZZ_SECONDS = 60

# A plugin that wants a library which may not be here names in NAME.mk its
# header, NAME_HEADER, what to link, NAME_LIBS, and the NAME_PACKAGE that brings
# both.  Without the header it is left out.
-include $(wildcard tools/plugins/*.mk)
has	= $(shell $(CC) $(CPPFLAGS) -E -include $1 -x c -o /dev/null /dev/null \
	2>/dev/null && echo yes)
UNPACK_LACKING := $(if $(call has,archive.h),,tools/bt-unpack.c)
S3_LACKING := $(strip $(foreach h,curl/curl.h openssl/evp.h expat.h,$(if $(call has,$h),,$h)))
LACKING	:= $(foreach p,$(PLUGIN_NAMES),$(if $($p_HEADER),$(if $(call has,$($p_HEADER)),,$p)))

all: programs
	@echo 'built in $B: $(sort $(notdir $(TOOLS) $(S3TOOLS) $(SCRIPTS)))'
	@echo 'plugins: $(notdir $(basename $(PLUGINS)))'
	@$(if $(LEFT_OUT),echo 'left out for lack of a library:')
	@$(if $(S3_LACKING),echo '    S3: apt-get install libcurl4-openssl-dev libssl-dev libexpat1-dev')
	@$(if $(UNPACK_LACKING),echo '    bt-unpack for models in archives: apt-get install libarchive-dev')
	@$(foreach p,$(LACKING),echo '    plugin $p: apt-get install $($p_PACKAGE)';)
	@echo 'to use them from here:  . $B/env'

LEFT_OUT = $(strip $(S3_LACKING)$(UNPACK_LACKING)$(LACKING))
programs: $(TOOLS) $(S3TOOLS) $(BUILTSCRIPTS) $(S3MODULE) $(PLUGINS) $B/env

MANSECTIONS = $(sort $(patsubst .%,%,$(suffix $(wildcard man/*.[1-9]))))

# What a shell needs to run the tools from the tree, pages included.
$B/env: tools/env.in $(wildcard man/*)
	@rm -rf $B/man
	@for s in $(MANSECTIONS); do \
	    mkdir -p $B/man/man$$s && ln -s '$(CURDIR)'/man/*.$$s $B/man/man$$s || exit 1; \
	done
	@sed -e 's,@B@,$(abspath $B),g' -e 's,@TOP@,$(CURDIR),g' tools/env.in >$@

# A script's --help, of its page as that of the others; and the files of its room.
$B/bt-transform: tools/transform/slurm.sh
$(BUILTSCRIPTS): $B/%: tools/% $B/help/%
	sed -e '/^@HELP@$$/r $B/help/$*' -e '/^@HELP@$$/d' \
	    -e '/^: @ENGINES@$$/r tools/transform/slurm.sh' \
	    -e '/^: @ENGINES@$$/d' $< >$@.new
	chmod 755 $@.new
	mv $@.new $@

$B/help/%: man/%.1 tools/help.awk
	@mkdir -p $(@D)
	awk -f tools/help.awk $< >$@
# The lines of a text as a C string.
CSTRING	= sed 's/[\\"?]/\\&/g; s/.*/"&\\n"/'
$B/help/%.c: $B/help/%
	{ echo 'const char option_help[] ='; $(CSTRING) $<; echo ';'; } >$@
$B/help/%.o: $B/help/%.c
	$(CC) $(filter-out $(WARN),$(ALL_CFLAGS)) $(CPPFLAGS) -c -o $@ $<

# A tool is its file, the room of its name where it has one, and the floors that
# all stand on.
objects	= $(patsubst %.c,$B/%.o,$(wildcard tools/$1/*.c))
.SECONDEXPANSION:
$B/bt-progress $B/bt-report: $(call objects,job)
$B/bt-unpack: LDLIBS += -larchive
$(TOOLS): $B/%: $B/tools/%.o $B/help/%.o $$(call objects,$$(subst bt-,,$$*)) $B/libbt.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(LINKED) $(LDLIBS) -lcsv -ljansson -lz -ldl -lm

# The archive after what needs it.
LINKED	= $(filter %.o,$^) $(filter %.a,$^)

$(S3TOOLS): $B/%: $B/tools/%.o $B/help/%.o $B/libbts3.a $B/libbt.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcurl -lcrypto -lexpat \
	    -lcsv -ljansson -lz -ldl -lpthread

# A plugin is its file, the folder of its name where it has one, and those that
# NAME.mk names as NAME_ROOMS, which it shares.
$(PLUGINS): $B/plugins/%.so: $B/pic/tools/plugins/%.o \
	$$(addprefix $B/pic/,$$(addsuffix .o,$$(basename $$(foreach r,$$* $$($$*_ROOMS),$$(wildcard tools/plugins/$$r/*.c))))) \
	$B/libbtpic.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -o $@ $^ \
	    -Wl,--exclude-libs,ALL -Wl,--as-needed $($*_LIBS) -ljansson -lz -lm

$B/plugins/bt-s3.so: \
	$(patsubst %.c,$B/pic/%.o,tools/s3/module.c $(S3SRC)) $B/libbtpic.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -o $@ $^ \
	    -Wl,--exclude-libs,ALL -Wl,--as-needed -lcurl -lcrypto -lexpat \
	    -ljansson -lz -lpthread

# What a plugin has of Python goes into it, as a C string.
$B/%.py.h: %.py
	@mkdir -p $(@D)
	$(CSTRING) $< >$@
$B/pic/tools/plugins/python/source.o: ALL_CFLAGS += -I$B
$B/pic/tools/plugins/python/source.o: $(patsubst %,$B/%.h,$(wildcard tools/plugins/python/*.py))

$B/tests/split: $(call objects,split)
$B/tests/xgboost_trees: $(patsubst %.c,$B/%.o,$(wildcard tools/plugins/xgboost/*.c))
$(TESTBIN): $B/tests/%: $B/tests/%.o $B/libbt.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(LINKED) $(LDLIBS) -lcsv -ljansson -lz -ldl -lm

$(S3TESTBIN): $B/tests/%: $B/tests/%.o $B/libbts3.a $B/libbt.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcurl -lcrypto -lexpat \
	    -ljansson -lz -lpthread

$(TESTSO): $B/tests/%.so: tests/%.c tools/bt_model.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -fPIC -shared -o $@ $< -ldl

# Anew each time: ar(1) replaces a member by its file's name alone, and there are
# files of one name in several folders.
$B/libbt.a: $(LIB)
	@rm -f $@
	$(AR) rcs $@ $^

$B/libbts3.a: $(S3LIB)
	@rm -f $@
	$(AR) rcs $@ $^

# The scan for machines without vector code: a fifth faster so.
PLAIN	= -O3 -fno-tree-vectorize -fno-tree-slp-vectorize
$B/tools/format/scan/plain.o $B/pic/tools/format/scan/plain.o: ALL_CFLAGS += $(PLAIN)

$B/libbtpic.a: $(patsubst %.c,$B/pic/%.o,$(SHARED))
	@rm -f $@
	$(AR) rcs $@ $^

$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -c -o $@ $<

$B/pic/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -fPIC -fvisibility=hidden -c -o $@ $<

$(BENCH): $B/%: tests/%.c $B/libbt.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(filter %.a,$^) \
	    $(LDLIBS) -lcsv -ljansson -lz -ldl -lm

$B/bench/text: $(patsubst %.c,$B/%.o,$(wildcard tools/plugins/linear/*.c))

bench: all testbin $(BENCH)
	B=$B tests/bench/run $(BENCH_WORK)

bench-s3: all testbin $(BENCH)
	B=$B tests/bench/s3 $(BENCH_WORK)

bench-cluster: all testbin $(BENCH)
	B=$B tests/bench/cluster $(BENCH_WORK)

# What chat reads, but for settings.c, which its fuzzer includes.
CHAT_READS = $(patsubst %,tools/plugins/chat/%.c,batchline judge reply schema template) \
	$(patsubst %,tools/plugins/web/%.c,cells columns rows variable verdict)

# The fuzzers are one clang program each, from the sources.
FUZZ_CC	= clang -std=c11 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -Itools \
	-DBT_VERSION='""'
$B/fuzz/%: tests/fuzz/%.c $(SHARED) $(wildcard tests/fuzz/*.h \
	tools/base/*.h tools/format/*.h tools/format/*/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    -o $@ $< $(SHARED) $(MORE) -lcsv -ljansson -lz -lm
$B/fuzz/http: MORE = -lcurl
$B/fuzz/chat: MORE = $(CHAT_READS) -lcurl
$B/fuzz/chat: $(CHAT_READS) $(wildcard tools/plugins/chat/*.h)
$B/fuzz/linear: MORE = $(wildcard tools/plugins/linear/*.c)
$B/fuzz/linear: $(wildcard tools/plugins/linear/*.[ch])
$B/fuzz/untar: MORE = -larchive
$B/fuzz/untar: $(wildcard tools/unpack/*.[ch] tools/io/tree.c)
$(patsubst %,$B/fuzz/%,ubjson xgb_binary xgb_forest xgb_json xgb_walk): \
	MORE = $(wildcard tools/plugins/xgboost/*.c)
$(patsubst %,$B/fuzz/%,ubjson xgb_binary xgb_forest xgb_json xgb_walk): \
	$(wildcard tools/plugins/xgboost/*.[ch])
# These end the process.
$(patsubst %,$B/fuzz/%,folder join names progress request todo): \
	$(wildcard tools/*.c tools/*/*.[ch])
ENDS	= -DBT_PLUGIN_DIR='""' -ldl \
	-Wl,--wrap=exit -Wl,--wrap=fd_write $(wildcard tools/io/*.c)
$B/fuzz/join: MORE = $(ENDS) $(wildcard tools/join/*.c)
$B/fuzz/progress: MORE = -DBT_PLUGIN_DIR='""' -ldl $(wildcard tools/io/*.c tools/job/*.c)
$B/fuzz/request: MORE = $(ENDS) -Wl,--wrap=load_at_most \
	$(wildcard tools/job/*.c)
$B/fuzz/folder: MORE = $(ENDS) -Wl,--wrap=fsync -Wl,--wrap=syncfs \
	$(wildcard tools/job/*.c tools/report/*.c)
$B/fuzz/names: MORE = $(ENDS) -Wl,--wrap=fd_read \
	$(wildcard tools/split/*.c)

# Those of S3 have its library too, and one that plays the server goes without
# libcurl's connections and without pauses.
$B/fuzz/s3_%: tests/fuzz/s3_%.c $(wildcard tools/base/*.[ch] tools/s3/*.[ch] tools/s3/*/*.[ch])
	@mkdir -p $(@D)
	$(FUZZ_CC) -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    $(WRAPPED:%=-Wl,--wrap=%) -o $@ $< \
	    $(wildcard tools/base/*.c) $(S3SRC) \
	    -lcurl -lcrypto -lexpat -ljansson -lz -lpthread
$B/fuzz/s3_answers: WRAPPED = curl_easy_setopt curl_easy_perform nanosleep

fuzz: $(FUZZ)
	for f in $(FUZZ); do \
	    mkdir -p $$f.corpus && $$f -max_total_time=$(FUZZ_SECONDS) \
	    -max_len=4096 -print_final_stats=1 $$f.corpus \
	    $$(ls -d tests/fuzz/seeds/$${f##*/} 2>/dev/null) || exit 1; \
	done

# These work on a machine that has make and nothing else: setup installs what is
# missing and says so.  A make of its own sees the headers that setup brought.
demo:
	@echo 'demo: installs what is missing, builds the tools (half a minute on two'
	@echo '      processors), then labels 814 app reviews in English and Vietnamese'
	@tests/setup build
	@echo 'demo: building'
	@$(MAKE) -s -j$(JOBS) programs
	@rm -rf $B/demo
	@BT_ENV=$B/env $B/bt demo $B/demo

testbin: $(TESTBIN) $(S3TESTBIN) $(TESTSO)

check:
	@tests/setup check
	@echo 'check: building'
	@$(MAKE) -s -j$(JOBS) programs testbin
	@B=$B tests/run

# Some take a number of tries and a seed, the others what lib.sh there says; resume
# has a server beside it, and takes a quarter of an hour.
torture:
	@tests/setup check
	@$(MAKE) -j$(JOBS) all testbin
	bad=0; for t in $(TORTURE); do \
	    echo "# $$t"; B=$B TORTURE_SECONDS=$(TORTURE_SECONDS) \
	        tests/s3/with swift $$t 300 $$(date +%s) || bad=1; \
	done; exit $$bad

TORTURE	= $(filter-out %.c %.sh,$(wildcard tests/torture/*))
TORTURE_SECONDS = 120

check-s3:
	@tests/setup s3
	@$(MAKE) -s -j$(JOBS) programs testbin
	@B=$B tests/run $(S3_SERVERS)

S3_SERVERS = swift radosgw

check-deb:
	@tests/setup deb
	@$(MAKE) -j$(JOBS) all
	B=$B prove tests/packaging.t

# Both compilers, every source, warnings as errors.
check-warnings:
	@tests/setup fuzz
	$(MAKE) B=build-gcc CC=gcc WARN='$(WARN) -Werror' -j$(JOBS) all testbin
	$(MAKE) B=build-clang CC=clang WARN='$(WARN) -Werror' -j$(JOBS) all testbin
	for f in $(FUZZ:$B/%=tests/%.c); do $(FUZZ_CC) -fsyntax-only $$f || exit 1; done

JOBS	= $$(getconf _NPROCESSORS_ONLN)

install: all
	mkdir -p $(DESTDIR)$(BINDIR) $(DESTDIR)$(PLUGINDIR) \
	    $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 755 $(TOOLS) $(S3TOOLS) $(BUILTSCRIPTS) $(DESTDIR)$(BINDIR)
	install -m 755 $(S3MODULE) $(PLUGINS) $(DESTDIR)$(PLUGINDIR)
	install -m 644 tools/bt_model.h $(DESTDIR)$(INCLUDEDIR)
	sed -e 's,@PREFIX@,$(PREFIX),' -e 's,@INCLUDEDIR@,$(INCLUDEDIR),' \
	    -e 's,@PLUGINDIR@,$(PLUGINDIR),' -e 's,@VERSION@,$(VERSION),' \
	    tools/bt-model.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/bt-model.pc
	mkdir -p $(DESTDIR)$(COMPLETIONDIR)
	sed -e 's,@PLUGINDIR@,$(PLUGINDIR),' tools/completion.bash \
	    >$(DESTDIR)$(COMPLETIONDIR)/bt-split
	for t in $(filter-out bt-split,$(notdir $(TOOLS) $(S3TOOLS) $(SCRIPTS))); do \
	    ln -sf bt-split $(DESTDIR)$(COMPLETIONDIR)/$$t || exit 1; \
	done
	mkdir -p $(DESTDIR)$(EXAMPLEDIR)
	cp -R examples/. $(DESTDIR)$(EXAMPLEDIR)
	cd $(DESTDIR)$(EXAMPLEDIR) && \
	    rm -rf jobs/made jobs/out reviews/parts reviews/reviews.csv.out
	for s in $(MANSECTIONS); do \
	    mkdir -p $(DESTDIR)$(MANDIR)/man$$s && \
	    install -m 644 man/*.$$s $(DESTDIR)$(MANDIR)/man$$s || exit 1; \
	done

deb:
	@tests/setup deb
	tools/packaging/build-deb build-deb

uninstall:
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(notdir $(TOOLS) $(S3TOOLS) $(SCRIPTS))) \
	    $(addprefix $(DESTDIR)$(COMPLETIONDIR)/,$(notdir $(TOOLS) $(S3TOOLS) $(SCRIPTS))) \
	    $(addprefix $(DESTDIR)$(PLUGINDIR)/,$(notdir $(S3MODULE) $(PLUGINS))) \
	    $(DESTDIR)$(INCLUDEDIR)/bt_model.h $(DESTDIR)$(LIBDIR)/pkgconfig/bt-model.pc
	for page in man/*.[1-9]; do \
	    rm -f $(DESTDIR)$(MANDIR)/man$${page##*.}/$${page##*/} || exit 1; \
	done
	rm -rf $(DESTDIR)$(EXAMPLEDIR)
	-rmdir $(DESTDIR)$(PLUGINDIR) $(DESTDIR)$(PREFIX)/share/bt

clean:
	rm -rf build build-*

.PHONY: all bench bench-cluster bench-s3 demo check check-deb check-s3 check-warnings clean deb \
	fuzz install programs testbin torture uninstall
.SECONDARY:
-include $(shell find $B -name '*.d' 2>/dev/null)
