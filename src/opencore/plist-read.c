/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/plist-document.h"

#include "base/error.h"
#include "base/library.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* Every function that is called below, without its "xml". */
#define XML_FUNCTIONS(X)                                                                           \
    X(ByteConsumed)                                                                                \
    X(CtxtUseOptions)                                                                              \
    X(ParseDocument) X(CtxtGetLastError) X(CreateMemoryParserCtxt) X(FreeDoc) X(FreeParserCtxt)    \
        X(StopParser)
#define XML_POINTER(name) __typeof__(xml##name) *name;
static struct {
    XML_FUNCTIONS(XML_POINTER)
} lib;

/* libxml2 tells where it is in the text as it parses, and that is kept with each value. */

typedef enum {
    ELEMENT_PLIST,
    ELEMENT_DICT,
    ELEMENT_ARRAY,
    ELEMENT_KEY,
    ELEMENT_STRING,
    ELEMENT_DATA,
    ELEMENT_INTEGER,
    ELEMENT_TRUE,
    ELEMENT_FALSE,
    ELEMENT_REAL,
    ELEMENT_DATE,
    ELEMENTS,
} Element;

static const char *const ELEMENT_NAMES[] = {
    [ELEMENT_PLIST] = "plist",     [ELEMENT_DICT] = "dict",     [ELEMENT_ARRAY] = "array",
    [ELEMENT_KEY] = "key",         [ELEMENT_STRING] = "string", [ELEMENT_DATA] = "data",
    [ELEMENT_INTEGER] = "integer", [ELEMENT_TRUE] = "true",     [ELEMENT_FALSE] = "false",
    [ELEMENT_REAL] = "real",       [ELEMENT_DATE] = "date",
};
G_STATIC_ASSERT(G_N_ELEMENTS(ELEMENT_NAMES) == ELEMENTS);

static const PlistType TYPES[ELEMENTS] = {
    [ELEMENT_DICT] = PLIST_DICT,       [ELEMENT_ARRAY] = PLIST_ARRAY,
    [ELEMENT_STRING] = PLIST_STRING,   [ELEMENT_DATA] = PLIST_DATA,
    [ELEMENT_INTEGER] = PLIST_INTEGER, [ELEMENT_TRUE] = PLIST_BOOLEAN,
    [ELEMENT_FALSE] = PLIST_BOOLEAN,   [ELEMENT_REAL] = PLIST_REAL,
    [ELEMENT_DATE] = PLIST_DATE,
};

/* An element that is open. */
typedef struct {
    Element element;
    PlistValue *value; /* what it makes; NULL for <plist> and <key> */
    GString *text;     /* its characters; NULL for elements that hold others */
    char *key;         /* of a dictionary: the key that waits for its value */
    gsize key_start;   /* of that key */
    guint key_traps;
    PlistPlace place;
} Frame;

typedef struct {
    xmlParserCtxtPtr context;
    const char *text;
    gsize length;
    const char *name;
    GPtrArray *frames; /* of Frame *, the innermost last */
    PlistValue *top;
    guint values;
    guint odd_tag_line;
    GError *error;
} Reader;

static void frame_free(Frame *frame)
{
    plist_free(frame->value);
    if (frame->text != NULL)
        g_string_free(frame->text, TRUE);
    g_free(frame->key);
    g_free(frame);
}

static Frame *innermost(const Reader *reader)
{
    guint count = reader->frames->len;
    return count > 0 ? g_ptr_array_index(reader->frames, count - 1) : NULL;
}

static guint line_of(const Reader *reader)
{
    return reader->context->input != NULL ? (guint)reader->context->input->line : 0;
}

/* Keeps the first error, and stops libxml2. */
static void fail_read(Reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fail_read(Reader *reader, const char *format, ...)
{
    if (reader->error != NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fail(&reader->error, ERROR_INPUT, "'%s' is no property list: line %u %s.", reader->name,
         line_of(reader), why);
    lib.StopParser(reader->context);
}

/* The byte at which libxml2 is; behind the text's end when it does not know. */
static gsize position_of(const Reader *reader)
{
    long position = lib.ByteConsumed(reader->context);
    return position >= 0 ? (gsize)position : reader->length + 1;
}

/* Where the tag begins that libxml2 has just read up to POSITION: no `<` can be inside one. */
static bool find_tag(const Reader *reader, gsize position, gsize *ret_start)
{
    if (position > reader->length)
        return false;
    const char *start = memrchr(reader->text, '<', position);
    if (start == NULL)
        return false;
    *ret_start = (gsize)(start - reader->text);
    return true;
}

static bool may_hold(Reader *reader, const Frame *outer, Element element)
{
    const char *name = ELEMENT_NAMES[element];

    if (outer == NULL && element != ELEMENT_PLIST)
        fail_read(reader, "has <%s> where <plist> should be", name);
    else if (outer == NULL)
        return true;
    else if (element == ELEMENT_PLIST || outer->text != NULL)
        fail_read(reader, "has <%s> inside of <%s>", name, ELEMENT_NAMES[outer->element]);
    else if (outer->element == ELEMENT_PLIST && reader->top != NULL)
        fail_read(reader, "has <%s> beside the one value that <plist> holds", name);
    else if (outer->element == ELEMENT_DICT && (element == ELEMENT_KEY) != (outer->key == NULL))
        fail_read(reader,
                  element == ELEMENT_KEY ? "has <%s> where the value of a key should be"
                                         : "has <%s> without a key before it",
                  name);
    else if (outer->element != ELEMENT_DICT && element == ELEMENT_KEY)
        fail_read(reader, "has <key> outside of <dict>");
    else if (plist_count(outer->value) >=
             (guint)(outer->element == ELEMENT_DICT ? PLIST_NODES_MAX / 2 : PLIST_NODES_MAX))
        fail_read(reader, "has more in one <%s> than OpenCore reads, %d nodes",
                  ELEMENT_NAMES[outer->element], PLIST_NODES_MAX);
    return reader->error == NULL;
}

static Element element_of(const char *name)
{
    for (Element element = 0; element < ELEMENTS; element++) {
        if (strcmp(ELEMENT_NAMES[element], name) == 0)
            return element;
    }
    return ELEMENTS;
}

static PlistValue *new_value(Element element)
{
    if (element == ELEMENT_DICT)
        return plist_new_dict();
    if (element == ELEMENT_ARRAY)
        return plist_new_array();
    PlistValue *value = g_new0(PlistValue, 1);
    value->type = TYPES[element];
    value->yes = element == ELEMENT_TRUE;
    return value;
}

static void push(Reader *reader, Element element)
{
    Frame *frame = g_new0(Frame, 1);
    gsize position = position_of(reader);

    g_ptr_array_add(reader->frames, frame);
    frame->element = element;
    frame->place.line = line_of(reader);
    if (element != ELEMENT_PLIST && element != ELEMENT_KEY)
        frame->value = new_value(element);
    if (element != ELEMENT_PLIST && element != ELEMENT_DICT && element != ELEMENT_ARRAY)
        frame->text = g_string_new(NULL);
    if (!find_tag(reader, position, &frame->place.start)) {
        fail_read(reader, "cannot be found again in the text");
        return;
    }
    const char *tag = reader->text + frame->place.start;
    gsize length = position - frame->place.start;
    if (memchr(tag, '/', length) != NULL || memchr(tag, '>', length) != NULL)
        reader->odd_tag_line = frame->place.line;
}

static void start_element(void *data, const xmlChar *local, const xmlChar *prefix,
                          const xmlChar *uri, int namespaces, const xmlChar **namespace_list,
                          int attributes, int defaulted, const xmlChar **attribute_list)
{
    Reader *reader = data;
    if (reader->error != NULL)
        return;
    Element element = prefix == NULL ? element_of((const char *)local) : ELEMENTS;
    if (element == ELEMENTS)
        fail_read(reader, "has <%.40s>, which property lists do not have", (const char *)local);
    else if (reader->frames->len >= PLIST_DEPTH_MAX)
        fail_read(reader, "is deeper than the %d levels that OpenCore reads", PLIST_DEPTH_MAX);
    else if (++reader->values > PLIST_VALUES_MAX)
        fail_read(reader, "has more than the %d values that are read at the most",
                  PLIST_VALUES_MAX);
    else if (may_hold(reader, innermost(reader), element))
        push(reader, element);
}

/* White space as OpenCore's reader strips it. */
static char *strip(const GString *text)
{
    const char *start = text->str + strspn(text->str, " \t\n\v\f\r");
    gsize length = strlen(start);
    while (length > 0 && strchr(" \t\n\v\f\r", start[length - 1]) != NULL)
        length--;
    return g_strndup(start, length);
}

static void read_integer(PlistValue *value)
{
    value->negative = value->text[0] == '-';
    const char *digits = value->text + (value->negative ? 1 : 0);
    guint64 most = value->negative ? G_GUINT64_CONSTANT(1) << 63 : G_MAXUINT64;
    value->number_is_bad = !g_ascii_isdigit(digits[0]) ||
                           !g_ascii_string_to_unsigned(digits, 10, 0, most, &value->number, NULL);
    value->negative = value->negative && value->number != 0;
}

static int base64_digit(char c)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *digit = c != '\0' ? strchr(DIGITS, c) : NULL;
    return digit != NULL ? (int)(digit - DIGITS) : -1;
}

/* Strictly RFC 4648, with white space anywhere: what OpenCore's decoder takes. NULL otherwise. */
static GByteArray *decode(const char *text)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint32 pending = 0;
    guint digits = 0, padding = 0;

    for (; *text != '\0'; text++) {
        if (strchr(" \t\n\v\f\r", *text) != NULL)
            continue;
        int digit = base64_digit(*text);
        if (*text == '=' && digits % 4 + padding >= 2 && digits % 4 + padding < 4) {
            padding++;
            continue;
        }
        if (digit < 0 || padding > 0)
            return NULL;
        pending = pending << 6 | (guint32)digit;
        digits++;
        if (digits % 4 != 1) {
            guint8 byte = (guint8)(pending >> (2 * ((4 - digits % 4) % 4)));
            g_byte_array_append(bytes, &byte, 1);
        }
    }
    guint32 left = digits % 4 == 2 ? 0xf : digits % 4 == 3 ? 0x3 : 0;
    if (digits % 4 == 1 || (digits + padding) % 4 != 0 || (pending & left) != 0)
        return NULL;
    return g_steal_pointer(&bytes);
}

/* What stands between the tags as it is written tells what OpenCore's reader stumbles over. */
static guint find_traps(const Reader *reader, const PlistPlace *place)
{
    const char *element = reader->text + place->start;
    gssize length = (gssize)(place->end - place->start);
    guint traps = 0;
    if (memchr(element, '&', (gsize)length) != NULL)
        traps |= PLIST_HAS_ENTITY;
    if (g_strstr_len(element, length, "<![CDATA[") != NULL)
        traps |= PLIST_HAS_CDATA;
    if (g_strstr_len(element, length, "<!--") != NULL ||
        g_strstr_len(element, length, "<?") != NULL)
        traps |= PLIST_HAS_COMMENT;
    return traps;
}

static void finish_scalar(const Reader *reader, Frame *frame)
{
    PlistValue *value = frame->value;
    g_autofree char *text = strip(frame->text);

    value->traps |= find_traps(reader, &frame->place);
    if (value->type == PLIST_DATA)
        value->bytes = decode(text);
    else if (value->type != PLIST_BOOLEAN)
        value->text = g_steal_pointer(&text);
    if (value->type == PLIST_INTEGER)
        read_integer(value);
}

/* Puts the value that has ended where it belongs. */
static void deliver(Reader *reader, Frame *frame)
{
    Frame *outer = innermost(reader);
    PlistValue *value = g_steal_pointer(&frame->value);

    value->place = frame->place;
    value->place.key_start = frame->place.start;
    if (outer->element == ELEMENT_PLIST) {
        reader->top = value;
        return;
    }
    if (outer->element == ELEMENT_DICT) {
        value->place.key_start = outer->key_start;
        value->traps |= outer->key_traps;
        g_ptr_array_add(outer->value->keys, g_steal_pointer(&outer->key));
    }
    g_ptr_array_add(outer->value->values, value);
}

static void end_element(void *data, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    Reader *reader = data;
    if (reader->error != NULL || reader->frames->len == 0)
        return;
    Frame *frame = g_ptr_array_steal_index(reader->frames, reader->frames->len - 1);
    frame->place.end = position_of(reader);
    if (frame->place.end > reader->length || reader->text[frame->place.end - 1] != '>') {
        fail_read(reader, "cannot be found again in the text");
    } else if (frame->element == ELEMENT_DICT && frame->key != NULL) {
        fail_read(reader, "ends a <dict> whose key '%s' has no value", frame->key);
    } else if (frame->element == ELEMENT_KEY) {
        Frame *dict = innermost(reader);
        dict->key = strip(frame->text);
        dict->key_start = frame->place.start;
        dict->key_traps = find_traps(reader, &frame->place);
    } else if (frame->value != NULL) {
        if (frame->text != NULL)
            finish_scalar(reader, frame);
        deliver(reader, frame);
    }
    frame_free(frame);
}

static void take_characters(void *data, const xmlChar *text, int length)
{
    Reader *reader = data;
    Frame *frame = innermost(reader);
    if (reader->error != NULL || frame == NULL)
        return;
    if (frame->text != NULL) {
        g_string_append_len(frame->text, (const char *)text, length);
        return;
    }
    for (int i = 0; i < length; i++) {
        if (strchr(" \t\r\n", text[i]) == NULL) {
            fail_read(reader, "has text inside of <%s>", ELEMENT_NAMES[frame->element]);
            return;
        }
    }
}

static void take_reference(void *data, const xmlChar *name)
{
    fail_read(data, "has the entity &%.40s; of a DTD, and no DTD is read", (const char *)name);
}

static void take_entity_declaration(void *data, const xmlChar *name, int type,
                                    const xmlChar *public_id, const xmlChar *system_id,
                                    xmlChar *content)
{
    fail_read(data, "declares the entity '%.40s', and no DTD is read", (const char *)name);
}

static const xmlSAXHandler HANDLER = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = start_element,
    .endElementNs = end_element,
    .characters = take_characters,
    .ignorableWhitespace = take_characters,
    .cdataBlock = take_characters,
    .reference = take_reference,
    .entityDecl = take_entity_declaration,
};

/* Runs libxml2 over the text. False with READER's error. */
static bool parse(Reader *reader)
{
    *reader->context->sax = HANDLER;
    reader->context->userData = reader;
    lib.CtxtUseOptions(reader->context, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR |
                                            XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    int result = lib.ParseDocument(reader->context);
    if (reader->error != NULL)
        return false;
    if (result != 0 || reader->context->wellFormed == 0) {
        const xmlError *last = lib.CtxtGetLastError(reader->context);
        g_autofree char *why =
            g_strdup(last != NULL && last->message != NULL ? last->message : "is wrong");
        g_strdelimit(g_strchomp(why), "\n", ' ');
        if (g_str_has_suffix(why, "."))
            why[strlen(why) - 1] = '\0';
        return fail(&reader->error, ERROR_INPUT, "'%s' is no property list: line %d is no XML: %s.",
                    reader->name, last != NULL ? last->line : 0, why);
    }
    if (reader->top == NULL)
        return fail(&reader->error, ERROR_INPUT, "'%s' is an empty property list.", reader->name);
    return true;
}

/* SONAME and headers are of one version: the parser's own structures are used above. */
static bool load(GError **error)
{
#define XML_FUNCTION(name) {"xml" #name, (void **)&lib.name},
    static const LibraryFunction FUNCTIONS[] = {XML_FUNCTIONS(XML_FUNCTION){NULL, NULL}};
    return lib.StopParser != NULL ||
           library_load(LIBXML2_FILE, FUNCTIONS, "Install the package libxml2.", error);
}

static PlistValue *read_text(const char *text, gsize length, const char *name,
                             guint *ret_odd_tag_line, GError **error)
{
    Reader reader = {.text = text, .length = length, .name = name};
    if (!load(error))
        return NULL;
    reader.context = lib.CreateMemoryParserCtxt(text, (int)length);
    if (reader.context == NULL)
        return fail_null(error, ERROR_FAILED, "There is no memory left to read '%s'.", name);
    reader.frames = g_ptr_array_new_with_free_func((GDestroyNotify)frame_free);
    bool good = parse(&reader);
    g_ptr_array_unref(reader.frames);
    lib.FreeDoc(reader.context->myDoc); /* libxml2 makes one for the declaration of an entity */
    lib.FreeParserCtxt(reader.context);
    if (!good) {
        plist_free(reader.top);
        g_propagate_error(error, reader.error);
        return NULL;
    }
    *ret_odd_tag_line = reader.odd_tag_line;
    return reader.top;
}

static bool check_bytes(const char *text, gsize length, const char *name, GError **error)
{
    if (length > PLIST_LENGTH_MAX)
        return fail(error, ERROR_INPUT,
                    "'%s' has more than %d MiB, which is too much for a property list.", name,
                    PLIST_LENGTH_MAX / 1024 / 1024);
    if (length >= 8 && memcmp(text, "bplist", 6) == 0)
        return fail(error, ERROR_INPUT,
                    "'%s' is a binary property list, which OpenCore does not read. Convert it "
                    "with `plistutil -i FILE -o NEW`, or on macOS with `plutil -convert xml1`.",
                    name);
    if (length == 0)
        return fail(error, ERROR_INPUT, "'%s' is empty.", name);
    if (!g_utf8_validate(text, (gssize)length, NULL))
        return fail(error, ERROR_INPUT, "'%s' is no property list: it is no text in UTF-8.", name);
    return true;
}

PlistDocument *plist_read(const char *text, gsize length, const char *name, GError **error)
{
    if (!check_bytes(text, length, name, error))
        return NULL;
    guint odd_tag_line = 0;
    PlistValue *top = read_text(text, length, name, &odd_tag_line, error);
    if (top == NULL)
        return NULL;
    PlistDocument *document = g_new0(PlistDocument, 1);
    document->name = g_strdup(name);
    document->text = g_strndup(text, length);
    document->length = length;
    document->top = top;
    document->odd_tag_line = odd_tag_line;
    document->has_mark = g_str_has_prefix(document->text, "\xef\xbb\xbf");
    return document;
}

void plist_document_free(PlistDocument *document)
{
    if (document == NULL)
        return;
    g_free(document->name);
    g_free(document->text);
    plist_free(document->top);
    g_free(document);
}
