/* The inner loops of searching, compiled. `plain.py` does the same with NumPy, and describes it.
 *
 * Only the stable interface of Python 3.11 is used, so one build serves all later versions. Arrays
 * arrive through the buffer protocol. Every index that is read from a file is checked against the
 * length of its array. If arrays contradict each other, the functions raise ValueError; they never
 * read outside an array.
 *
 * Little-endian machines only, because the arrays of an index are little-endian. Elsewhere this file
 * is not compiled.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

#if SIZE_MAX < UINT64_MAX
#error "The kernel needs a 64-bit machine. tools/build_kernel.py does not compile it elsewhere."
#endif

enum { BLOCK = 128, CODE_BITS = 21 };

#if defined(__GNUC__) && defined(__x86_64__)
static int has_popcnt; /* whether the processor counts bits with one instruction */
#endif

/* The elements of a buffer. */
#define ITEMS(buffer, type) ((const type *)(buffer).buf)
#define OUTPUT(buffer, type) ((type *)(buffer).buf)
#define LENGTH(buffer, type) ((buffer).len / (Py_ssize_t)sizeof(type))

static PyObject *
contradiction(const char *what)
{
    PyErr_Format(PyExc_ValueError, "%s do not fit together", what);
    return NULL;
}

static void
release(Py_buffer *buffers, int count)
{
    for (int i = 0; i < count; i++) {
        PyBuffer_Release(&buffers[i]);
    }
}

/* Return whether an element of this size, which is `itemsize` of a buffer, can be an integer. */
static inline int
is_integer(Py_ssize_t size)
{
    return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Read element `at` of an array of unsigned numbers of `size` bytes. */
static inline uint64_t
number_at(const void *numbers, Py_ssize_t size, Py_ssize_t at)
{
    switch (size) {
    case 1:
        return ((const uint8_t *)numbers)[at];
    case 2:
        return ((const uint16_t *)numbers)[at];
    case 4:
        return ((const uint32_t *)numbers)[at];
    default:
        return ((const uint64_t *)numbers)[at];
    }
}

/* ---- Packed lists ---------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_buffer arrays[6];
    int taken;
    int is_ascending;
    Py_ssize_t checked_words; /* words that one byte of `checked` stands for */
    Py_ssize_t blocks;
    Py_ssize_t words;
    const uint32_t *starts;
    const uint32_t *firsts;
    const uint32_t *offsets;
    const uint8_t *widths;
    const uint32_t *packed;
    const uint8_t *checked;
} Packed;

static void
packed_dealloc(PyObject *self)
{
    Packed *lists = (Packed *)self;
    PyTypeObject *type = Py_TYPE(self);
    release(lists->arrays, lists->taken);
    freefunc free_it = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_it(self);
    Py_DECREF(type);
}

static PyObject *
packed_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *sources[6];
    int is_ascending;
    Py_ssize_t checked_words;
    if (keywords != NULL && PyDict_Size(keywords) > 0) {
        PyErr_SetString(PyExc_TypeError, "Packed takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OOOOOpOn:Packed", &sources[0], &sources[1], &sources[2],
                          &sources[3], &sources[4], &is_ascending, &sources[5], &checked_words)) {
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Packed *lists = (Packed *)allocate(type, 0);
    if (lists == NULL) {
        return NULL;
    }
    lists->taken = 0;
    for (int i = 0; i < 6; i++) {
        if (PyObject_GetBuffer(sources[i], &lists->arrays[i], PyBUF_SIMPLE) < 0) {
            Py_DECREF(lists);
            return NULL;
        }
        lists->taken++;
    }
    lists->is_ascending = is_ascending;
    lists->starts = ITEMS(lists->arrays[0], uint32_t);
    lists->firsts = ITEMS(lists->arrays[1], uint32_t);
    lists->offsets = ITEMS(lists->arrays[2], uint32_t);
    lists->widths = ITEMS(lists->arrays[3], uint8_t);
    lists->packed = ITEMS(lists->arrays[4], uint32_t);
    lists->checked = ITEMS(lists->arrays[5], uint8_t);
    lists->checked_words = checked_words;
    lists->blocks = LENGTH(lists->arrays[3], uint8_t);
    lists->words = LENGTH(lists->arrays[4], uint32_t);
    if (LENGTH(lists->arrays[0], uint32_t) != lists->blocks + 1 ||
        LENGTH(lists->arrays[1], uint32_t) != lists->blocks ||
        LENGTH(lists->arrays[2], uint32_t) != lists->blocks || checked_words < 1 ||
        lists->arrays[5].len * checked_words < lists->words) {
        Py_DECREF(lists);
        return contradiction("the arrays of packed lists");
    }
    return (PyObject *)lists;
}

/* Return the block that contains element `at`, which must be less than the number of elements. */
static Py_ssize_t
block_of(const Packed *lists, uint32_t at)
{
    Py_ssize_t low = 0, high = lists->blocks;
    while (high - low > 1) {
        Py_ssize_t middle = (low + high) / 2;
        if (lists->starts[middle] <= at) {
            low = middle;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* Return whether all words of the blocks from `first` to `last` were checked. */
static int
are_checked(const Packed *lists, Py_ssize_t first, Py_ssize_t last)
{
    Py_ssize_t begin = lists->offsets[first];
    /* One word more than those of the last block is read. */
    Py_ssize_t end = last + 1 < lists->blocks ? (Py_ssize_t)lists->offsets[last + 1] + 2 : lists->words;
    if (end > lists->words) {
        end = lists->words;
    }
    if (begin >= end) {
        return 1;
    }
    begin /= lists->checked_words;
    end = (end - 1) / lists->checked_words + 1;
    return memchr(lists->checked + begin, 0, (size_t)(end - begin)) == NULL;
}

/* Unpack a block; return its number of elements, or -1 if the arrays do not fit together. */
static int
unpack_block(const Packed *lists, Py_ssize_t block, uint32_t *out)
{
    uint32_t begin = lists->starts[block], end = lists->starts[block + 1];
    uint32_t width = lists->widths[block];
    if (end <= begin || end - begin > BLOCK || width > 32) {
        return -1;
    }
    int count = (int)(end - begin);
    uint64_t bits = (uint64_t)(count - 1) * width;
    uint64_t offset = lists->offsets[block];
    /* Two words are read at a time, so one more follows the last of the array. */
    if (offset + bits / 32 + 2 > (uint64_t)lists->words) {
        return -1;
    }
    const uint32_t *words = lists->packed + offset;
    const uint64_t mask = ((uint64_t)1 << width) - 1;
    const uint32_t add = lists->is_ascending ? UINT32_MAX : 0;
    uint32_t value = lists->firsts[block];
    out[0] = value;
    uint64_t bit = 0;
    for (int i = 1; i < count; i++, bit += width) {
        uint64_t two;
        memcpy(&two, words + (bit >> 5), sizeof two);
        value = (value & add) + (uint32_t)((two >> (bit & 31)) & mask);
        out[i] = value;
    }
    return count;
}

/* Unpack the elements from `begin` to `end`: 1, 0 if they are not checked, or -1. */
static int
unpack_range(const Packed *lists, Py_ssize_t begin, Py_ssize_t end, uint32_t *out)
{
    if (begin < 0 || begin > end ||
        (begin < end && (lists->blocks == 0 || end > (Py_ssize_t)lists->starts[lists->blocks]))) {
        return -1;
    }
    if (begin == end) {
        return 1;
    }
    Py_ssize_t block = block_of(lists, (uint32_t)begin);
    Py_ssize_t last_block = block + 1 < lists->blocks && end <= (Py_ssize_t)lists->starts[block + 1]
                                ? block
                                : block_of(lists, (uint32_t)(end - 1));
    if (!are_checked(lists, block, last_block)) {
        return 0;
    }
    uint32_t buffer[BLOCK];
    for (Py_ssize_t at = begin; at < end; block++) {
        Py_ssize_t block_begin = lists->starts[block], block_end = lists->starts[block + 1];
        if (at < block_begin || block_end <= at) {
            return -1;
        }
        int is_whole = at == block_begin && block_end <= end;
        if (unpack_block(lists, block, is_whole ? out : buffer) < 0) {
            return -1;
        }
        Py_ssize_t last = block_end < end ? block_end : end;
        if (!is_whole) {
            memcpy(out, buffer + (at - block_begin), (size_t)(last - at) * sizeof *out);
        }
        out += last - at;
        at = last;
    }
    return 1;
}

static PyObject *
packed_unpack(PyObject *self, PyObject *args)
{
    Py_ssize_t begin, end;
    Py_buffer target;
    if (!PyArg_ParseTuple(args, "nnw*:unpack", &begin, &end, &target)) {
        return NULL;
    }
    int state = -1;
    if (LENGTH(target, uint32_t) == end - begin) {
        state = unpack_range((const Packed *)self, begin, end, OUTPUT(target, uint32_t));
    }
    PyBuffer_Release(&target);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyBool_FromLong(state);
}

static PyObject *
packed_unpack_lists(PyObject *self, PyObject *args)
{
    Py_buffer buffers[3];
    if (!PyArg_ParseTuple(args, "y*y*w*:unpack_lists", &buffers[0], &buffers[1], &buffers[2])) {
        return NULL;
    }
    const int64_t *begins = ITEMS(buffers[0], int64_t), *ends = ITEMS(buffers[1], int64_t);
    uint32_t *out = OUTPUT(buffers[2], uint32_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t), room = LENGTH(buffers[2], uint32_t);
    int state = LENGTH(buffers[1], int64_t) == count ? 1 : -1;
    for (Py_ssize_t i = 0; state == 1 && i < count; i++) {
        if (begins[i] < 0 || ends[i] < begins[i] || ends[i] - begins[i] > room) {
            state = -1;
            break;
        }
        state = unpack_range((const Packed *)self, (Py_ssize_t)begins[i], (Py_ssize_t)ends[i], out);
        out += ends[i] - begins[i];
        room -= (Py_ssize_t)(ends[i] - begins[i]);
    }
    if (state == 1 && room != 0) {
        state = -1;
    }
    release(buffers, 3);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyBool_FromLong(state);
}

/* Number of elements that are read one by one before a block is searched. */
enum { NEAR = 8 };

/* A list that is searched for ascending numbers: the block that was unpacked last. */
typedef struct {
    Py_ssize_t begin, end;   /* the elements of the list */
    Py_ssize_t first, after; /* its blocks */
    Py_ssize_t block, unpacked;
    int size, at;
    uint32_t elements[BLOCK];
} Search;

/* Return the index of an element of the list, -1 if the list does not have it, -2 on an error. */
static Py_ssize_t
find(const Packed *lists, Search *search, uint32_t value)
{
    Py_ssize_t block = search->block;
    if (value < lists->firsts[block]) {
        block = search->first;
    }
    /* Gallop to the last block whose first element is not greater. */
    Py_ssize_t step = 1, high = block + 1;
    while (high < search->after && lists->firsts[high] <= value) {
        block = high;
        high += step;
        step *= 2;
    }
    if (high > search->after) {
        high = search->after;
    }
    while (high - block > 1) {
        Py_ssize_t middle = (block + high) / 2;
        if (lists->firsts[middle] <= value) {
            block = middle;
        }
        else {
            high = middle;
        }
    }
    search->block = block;
    if (block != search->unpacked) {
        search->size = unpack_block(lists, block, search->elements);
        if (search->size < 0) {
            return -2;
        }
        search->unpacked = block;
        search->at = 0;
    }
    const uint32_t *elements = search->elements;
    int at = search->at, size = search->size;
    if (at > 0 && elements[at - 1] >= value) {
        at = 0;
    }
    /* The next value is usually close to the one before. */
    int last = at + NEAR < size ? at + NEAR : size;
    while (at < last && elements[at] < value) {
        at++;
    }
    if (at == last) {
        int after = size;
        while (at < after) {
            int middle = (at + after) / 2;
            if (elements[middle] < value) {
                at = middle + 1;
            }
            else {
                after = middle;
            }
        }
    }
    search->at = at;
    if (at >= size || elements[at] != value) {
        return -1;
    }
    Py_ssize_t index = (Py_ssize_t)lists->starts[block] + at;
    return search->begin <= index && index < search->end ? index : -1;
}

/* Begin to search the list with the elements from `begin` to `end`: 1, 0 if it is not checked, or -1. */
static int
begin_search(const Packed *lists, Py_ssize_t begin, Py_ssize_t end, Search *search)
{
    if (begin < 0 || begin >= end || lists->blocks == 0 ||
        end > (Py_ssize_t)lists->starts[lists->blocks]) {
        return -1;
    }
    search->begin = begin;
    search->end = end;
    search->first = search->block = block_of(lists, (uint32_t)begin);
    search->after = block_of(lists, (uint32_t)(end - 1)) + 1;
    search->unpacked = -1;
    search->size = search->at = 0;
    return are_checked(lists, search->first, search->after - 1);
}

static PyObject *
packed_select(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_ssize_t begin, end;
    unsigned long long offset;
    int bits;
    Py_buffer wanted;
    if (!PyArg_ParseTuple(args, "nnKiy*:select", &begin, &end, &offset, &bits, &wanted)) {
        return NULL;
    }
    const uint8_t *blocks = ITEMS(wanted, uint8_t);
    Py_ssize_t found = 0, room = 0;
    uint32_t *selected = NULL;
    Py_ssize_t total = lists->blocks ? (Py_ssize_t)lists->starts[lists->blocks] : 0;
    int state = begin >= 0 && begin <= end && end <= total && bits >= 0 && bits < 32 ? 1 : -1;
    enum { AT_A_TIME = 32 * BLOCK };
    uint32_t elements[AT_A_TIME];
    for (Py_ssize_t at = begin; state == 1 && at < end; at += AT_A_TIME) {
        Py_ssize_t size = end - at < AT_A_TIME ? end - at : AT_A_TIME;
        state = unpack_range(lists, at, at + size, elements);
        if (state == 1 && room - found < size) {
            room = 2 * room + size;
            uint32_t *larger = PyMem_Realloc(selected, (size_t)room * sizeof *larger);
            if (larger == NULL) {
                PyMem_Free(selected);
                PyBuffer_Release(&wanted);
                return PyErr_NoMemory();
            }
            selected = larger;
        }
        for (Py_ssize_t i = 0; state == 1 && i < size; i++) {
            uint64_t block = ((uint64_t)elements[i] + offset) >> bits;
            if (block >= (uint64_t)wanted.len) {
                state = -1;
                break;
            }
            selected[found] = elements[i];
            found += blocks[block] != 0;
        }
    }
    PyBuffer_Release(&wanted);
    PyObject *bytes = NULL;
    if (state < 0) {
        contradiction("the arrays of packed lists");
    }
    else if (state == 1) {
        bytes = PyBytes_FromStringAndSize((const char *)selected, found * (Py_ssize_t)sizeof *selected);
    }
    PyMem_Free(selected);
    if (state == 0) {
        Py_RETURN_NONE;
    }
    return bytes;
}

/* One of the lists of `intersect`. */
typedef struct {
    Py_ssize_t shift, begin, end;
} List;

/* Read the tuples (shift, begin, end); return an array of lists, the shortest first, or NULL. */
static List *
parse_lists(PyObject *tuples, Py_ssize_t *count)
{
    *count = PyList_Size(tuples);
    if (*count < 0) {
        return NULL;
    }
    List *sorted = PyMem_Malloc((size_t)(*count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < *count; i++) {
        List list;
        if (!PyArg_ParseTuple(PyList_GetItem(tuples, i), "nnn", &list.shift, &list.begin, &list.end)) {
            PyMem_Free(sorted);
            return NULL;
        }
        if (list.begin < 0 || list.end < list.begin) {
            PyMem_Free(sorted);
            contradiction("the arrays of packed lists");
            return NULL;
        }
        Py_ssize_t at = i;
        for (; at > 0 && sorted[at - 1].end - sorted[at - 1].begin > list.end - list.begin; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = list;
    }
    return sorted;
}

static PyObject *
packed_intersect(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    PyObject *tuples;
    Py_buffer target;
    if (!PyArg_ParseTuple(args, "O!w*:intersect", &PyList_Type, &tuples, &target)) {
        return NULL;
    }
    Py_ssize_t number, found = 0;
    List *sorted = parse_lists(tuples, &number);
    if (sorted == NULL) {
        PyBuffer_Release(&target);
        return NULL;
    }
    uint32_t *out = OUTPUT(target, uint32_t);
    int state = number > 0 && LENGTH(target, uint32_t) == sorted[0].end - sorted[0].begin ? 1 : -1;
    /* Nothing is written before all lists are checked. */
    Search search;
    for (Py_ssize_t i = 0; state == 1 && i < number; i++) {
        state = begin_search(lists, sorted[i].begin, sorted[i].end, &search);
    }
    if (state == 1) {
        state = unpack_range(lists, sorted[0].begin, sorted[0].end, out);
        found = LENGTH(target, uint32_t);
        for (Py_ssize_t i = 0; i < found; i++) {
            out[i] -= (uint32_t)sorted[0].shift;
        }
    }
    for (Py_ssize_t i = 1; state == 1 && i < number; i++) {
        uint32_t shift = (uint32_t)sorted[i].shift;
        Py_ssize_t kept = 0;
        state = begin_search(lists, sorted[i].begin, sorted[i].end, &search);
        for (Py_ssize_t j = 0; state == 1 && j < found; j++) {
            Py_ssize_t at = find(lists, &search, out[j] + shift);
            if (at == -2) {
                state = -1;
            }
            out[kept] = out[j];
            kept += at >= 0;
        }
        found = kept;
    }
    PyMem_Free(sorted);
    PyBuffer_Release(&target);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyLong_FromSsize_t(state == 1 ? found : -1);
}

/* Return the number of marks before the character with this bare position. */
static Py_ssize_t
marks_before(const uint32_t *marks, Py_ssize_t count, int64_t bare)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if ((int64_t)marks[middle] - middle <= bare) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

static int
is_in(const uint32_t *numbers, Py_ssize_t count, uint32_t wanted)
{
    Py_ssize_t low = 0, high = count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (numbers[middle] < wanted) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < count && numbers[low] == wanted;
}

static PyObject *
packed_keep_bare(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_buffer buffers[3];
    Py_ssize_t shift, begin, end, kept = 0;
    if (!PyArg_ParseTuple(args, "w*nnny*y*:keep_bare", &buffers[0], &shift, &begin, &end, &buffers[1],
                          &buffers[2])) {
        return NULL;
    }
    int64_t *bare = OUTPUT(buffers[0], int64_t);
    const uint32_t *others = ITEMS(buffers[1], uint32_t), *marks = ITEMS(buffers[2], uint32_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t);
    Py_ssize_t size = LENGTH(buffers[1], uint32_t), total = LENGTH(buffers[2], uint32_t);
    Search search;
    int state = begin == end ? 1 : begin_search(lists, begin, end, &search);
    for (Py_ssize_t i = 0; state == 1 && i < count; i++) {
        int64_t wanted = -1;
        if (bare[i] <= UINT32_MAX && bare[i] >= -(int64_t)UINT32_MAX && shift <= UINT32_MAX &&
            shift >= -(Py_ssize_t)UINT32_MAX) {
            wanted = bare[i] + shift;
            wanted += marks_before(marks, total, wanted);
        }
        int is_there = 0;
        if (wanted >= 0 && wanted <= UINT32_MAX) {
            is_there = is_in(others, size, (uint32_t)wanted);
            if (!is_there && begin < end) {
                Py_ssize_t at = find(lists, &search, (uint32_t)wanted);
                is_there = at >= 0;
                state = at == -2 ? -1 : state;
            }
        }
        bare[kept] = bare[i];
        kept += is_there;
    }
    release(buffers, 3);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyLong_FromSsize_t(state == 1 ? kept : -1);
}

static PyObject *
packed_locate(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_ssize_t begin, end;
    Py_buffer wanted, found;
    Search search;
    if (!PyArg_ParseTuple(args, "nny*w*:locate", &begin, &end, &wanted, &found)) {
        return NULL;
    }
    Py_ssize_t count = LENGTH(wanted, int64_t);
    const int64_t *values = ITEMS(wanted, int64_t);
    int64_t *out = OUTPUT(found, int64_t);
    int state = LENGTH(found, int64_t) == count ? begin_search(lists, begin, end, &search) : -1;
    for (Py_ssize_t i = 0; state == 1 && i < count; i++) {
        Py_ssize_t at = -1;
        if (values[i] >= 0 && values[i] <= UINT32_MAX) {
            at = find(lists, &search, (uint32_t)values[i]);
        }
        if (at == -2) {
            state = -1;
        }
        out[i] = at;
    }
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&found);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyBool_FromLong(state);
}

static PyObject *
packed_take(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_buffer wanted, target;
    if (!PyArg_ParseTuple(args, "y*w*:take", &wanted, &target)) {
        return NULL;
    }
    Py_ssize_t count = LENGTH(wanted, int64_t), unpacked = -1;
    const int64_t *at = ITEMS(wanted, int64_t);
    uint32_t *out = OUTPUT(target, uint32_t);
    uint32_t buffer[BLOCK];
    int state = LENGTH(target, uint32_t) == count ? 1 : -1;
    for (Py_ssize_t i = 0; state == 1 && i < count; i++) {
        if (at[i] < 0 || lists->blocks == 0 || at[i] >= (int64_t)lists->starts[lists->blocks]) {
            state = -1;
            break;
        }
        if (unpacked < 0 || at[i] < (int64_t)lists->starts[unpacked] ||
            at[i] >= (int64_t)lists->starts[unpacked + 1]) {
            unpacked = block_of(lists, (uint32_t)at[i]);
            state = are_checked(lists, unpacked, unpacked);
            if (state == 1 && (at[i] < (int64_t)lists->starts[unpacked] ||
                               unpack_block(lists, unpacked, buffer) < 0)) {
                state = -1;
            }
        }
        if (state == 1) {
            Py_ssize_t place = (Py_ssize_t)(at[i] - (int64_t)lists->starts[unpacked]);
            if (place >= BLOCK) {
                state = -1;
                break;
            }
            out[i] = buffer[place];
        }
    }
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&target);
    if (state < 0) {
        return contradiction("the arrays of packed lists");
    }
    return PyBool_FromLong(state);
}

static PyMethodDef packed_methods[] = {
    {"unpack", packed_unpack, METH_VARARGS, NULL},
    {"unpack_lists", packed_unpack_lists, METH_VARARGS, NULL},
    {"intersect", packed_intersect, METH_VARARGS, NULL},
    {"keep_bare", packed_keep_bare, METH_VARARGS, NULL},
    {"locate", packed_locate, METH_VARARGS, NULL},
    {"select", packed_select, METH_VARARGS, NULL},
    {"take", packed_take, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot packed_slots[] = {
    {Py_tp_new, packed_new},
    {Py_tp_dealloc, packed_dealloc},
    {Py_tp_methods, packed_methods},
    {0, NULL},
};

static PyType_Spec packed_spec = {
    .name = "baocha_indexer.kernel._native.Packed",
    .basicsize = sizeof(Packed),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = packed_slots,
};

static int
add_types(PyObject *module)
{
#if defined(__GNUC__) && defined(__x86_64__)
    __builtin_cpu_init();
    has_popcnt = __builtin_cpu_supports("popcnt") != 0;
#endif
    PyObject *type = PyType_FromModuleAndSpec(module, &packed_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int failed = PyModule_AddObjectRef(module, "Packed", type);
    Py_DECREF(type);
    return failed < 0 ? failed : PyModule_AddIntConstant(module, "INTERFACE", 5);
}

/* ---- Packing --------------------------------------------------------------------------------- */

/* The number that is packed for element `at`, which is not the first of its block. */
static inline uint32_t
packed_number(const uint32_t *elements, Py_ssize_t at, int is_ascending)
{
    return is_ascending ? elements[at] - elements[at - 1] : elements[at];
}

static int
are_blocks(const uint32_t *starts, Py_ssize_t blocks, Py_ssize_t count)
{
    if (blocks < 0 || starts[0] != 0 || (Py_ssize_t)starts[blocks] != count) {
        return 0;
    }
    for (Py_ssize_t block = 0; block < blocks; block++) {
        if (starts[block + 1] <= starts[block] || starts[block + 1] - starts[block] > BLOCK) {
            return 0;
        }
    }
    return 1;
}

static PyObject *
measure_widths(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[3];
    int is_ascending;
    if (!PyArg_ParseTuple(args, "y*y*pw*:measure_widths", &buffers[0], &buffers[1], &is_ascending,
                          &buffers[2])) {
        return NULL;
    }
    const uint32_t *elements = ITEMS(buffers[0], uint32_t);
    const uint32_t *starts = ITEMS(buffers[1], uint32_t);
    uint8_t *widths = OUTPUT(buffers[2], uint8_t);
    Py_ssize_t blocks = LENGTH(buffers[1], uint32_t) - 1;
    int fits = buffers[2].len == blocks &&
               are_blocks(starts, blocks, LENGTH(buffers[0], uint32_t));
    for (Py_ssize_t block = 0; fits && block < blocks; block++) {
        uint32_t all = 0;
        for (Py_ssize_t at = starts[block] + 1; at < (Py_ssize_t)starts[block + 1]; at++) {
            all |= packed_number(elements, at, is_ascending);
        }
        uint8_t width = 0;
        for (; all; all >>= 1) {
            width++;
        }
        widths[block] = width;
    }
    release(buffers, 3);
    if (!fits) {
        return contradiction("the blocks and their elements");
    }
    Py_RETURN_NONE;
}

static PyObject *
pack(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[5];
    int is_ascending;
    if (!PyArg_ParseTuple(args, "y*y*py*y*w*:pack", &buffers[0], &buffers[1], &is_ascending,
                          &buffers[2], &buffers[3], &buffers[4])) {
        return NULL;
    }
    const uint32_t *elements = ITEMS(buffers[0], uint32_t);
    const uint32_t *starts = ITEMS(buffers[1], uint32_t);
    const uint8_t *widths = ITEMS(buffers[2], uint8_t);
    const uint32_t *offsets = ITEMS(buffers[3], uint32_t);
    uint32_t *words = OUTPUT(buffers[4], uint32_t);
    Py_ssize_t blocks = LENGTH(buffers[1], uint32_t) - 1;
    uint64_t room = (uint64_t)LENGTH(buffers[4], uint32_t);
    int fits = buffers[2].len == blocks && LENGTH(buffers[3], uint32_t) == blocks &&
               are_blocks(starts, blocks, LENGTH(buffers[0], uint32_t));
    for (Py_ssize_t block = 0; fits && block < blocks; block++) {
        uint32_t width = widths[block];
        uint64_t bit = (uint64_t)offsets[block] * 32;
        Py_ssize_t count = (Py_ssize_t)(starts[block + 1] - starts[block]);
        if (width > 32 || offsets[block] + (uint64_t)(count - 1) * width / 32 + 2 > room) {
            fits = 0;
            break;
        }
        for (Py_ssize_t at = starts[block] + 1; at < (Py_ssize_t)starts[block + 1]; at++) {
            uint64_t two;
            memcpy(&two, words + (bit >> 5), sizeof two);
            two |= (uint64_t)packed_number(elements, at, is_ascending) << (bit & 31);
            memcpy(words + (bit >> 5), &two, sizeof two);
            bit += width;
        }
    }
    release(buffers, 5);
    if (!fits) {
        return contradiction("the blocks and their elements");
    }
    Py_RETURN_NONE;
}

/* ---- Terms and documents --------------------------------------------------------------------- */

static PyObject *
find_pairs(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    if (!PyArg_ParseTuple(args, "y*y*y*y*:find_pairs", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3])) {
        return NULL;
    }
    const uint64_t *keys = ITEMS(buffers[0], uint64_t);
    const uint32_t *starts = ITEMS(buffers[1], uint32_t);
    const uint32_t *documents = ITEMS(buffers[2], uint32_t);
    const uint32_t *codes = ITEMS(buffers[3], uint32_t);
    Py_ssize_t terms = LENGTH(buffers[2], uint32_t), count = LENGTH(buffers[3], uint32_t) - 1;
    PyObject *found = NULL;
    if (LENGTH(buffers[0], uint64_t) != terms + 1 || LENGTH(buffers[1], uint32_t) != terms + 1) {
        contradiction("the arrays of pairs");
    }
    else {
        found = PyList_New(count > 0 ? count : 0);
    }
    for (Py_ssize_t i = 0; found != NULL && i < count; i++) {
        uint64_t wanted = (uint64_t)codes[i] << CODE_BITS | codes[i + 1];
        Py_ssize_t low = 0, high = terms;
        while (low < high) {
            Py_ssize_t middle = (low + high) / 2;
            if (keys[middle] < wanted) {
                low = middle + 1;
            }
            else {
                high = middle;
            }
        }
        int is_there = low < terms && keys[low] == wanted;
        PyObject *range = Py_BuildValue("(kkk)", (unsigned long)starts[low],
                                        (unsigned long)starts[low + is_there],
                                        is_there ? (unsigned long)documents[low] : 0UL);
        if (range == NULL || PyList_SetItem(found, i, range) < 0) {
            Py_CLEAR(found);
        }
    }
    release(buffers, 4);
    return found;
}

/* The bits and counts that tell the document of a position: see `store/ranks.py`. */
typedef struct {
    const uint32_t *boundaries;
    const uint32_t *ranks;
    uint32_t words;
} Ranks;

static int
ranks_fit(Ranks *ranks, const Py_buffer *boundaries, const Py_buffer *counts)
{
    ranks->boundaries = ITEMS(*boundaries, uint32_t);
    ranks->ranks = ITEMS(*counts, uint32_t);
    Py_ssize_t words = LENGTH(*boundaries, uint32_t);
    if (words != LENGTH(*counts, uint32_t) || words > (Py_ssize_t)1 << 27) {
        return 0;
    }
    ranks->words = (uint32_t)words;
    return 1;
}

#if defined(__GNUC__) && defined(__x86_64__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE inline
#endif

static ALWAYS_INLINE uint32_t
bits_of(uint32_t word, int popcnt)
{
#if defined(__GNUC__)
    if (popcnt) {
        return (uint32_t)__builtin_popcount(word);
    }
#else
    (void)popcnt;
#endif
    word -= (word >> 1) & 0x55555555u;
    word = (word & 0x33333333u) + ((word >> 2) & 0x33333333u);
    return (((word + (word >> 4)) & 0x0F0F0F0Fu) * 0x01010101u) >> 24;
}

/* Write the documents of the positions plus `shift`; return 0 if one is outside the text. */
static ALWAYS_INLINE int
look_up(const Ranks *ranks, const uint32_t *positions, Py_ssize_t count, uint32_t shift,
        uint32_t *out, int popcnt)
{
    for (Py_ssize_t i = 0; i < count; i++) {
        uint64_t position = (uint64_t)positions[i] + shift;
        uint64_t word = position >> 5;
        if (word >= ranks->words) {
            return 0;
        }
        /* Shift the bit of the position to the top, so that the bits above it are dropped. */
        uint32_t bits = ranks->boundaries[word] << (31 - (position & 31));
        out[i] = ranks->ranks[word] + bits_of(bits, popcnt) - 1;
    }
    return 1;
}

#if defined(__GNUC__) && defined(__x86_64__)
/* The same with the instruction POPCNT, which x86-64 processors have since about 2008. */
__attribute__((target("popcnt"))) static int
look_up_with_popcnt(const Ranks *ranks, const uint32_t *positions, Py_ssize_t count, uint32_t shift,
                    uint32_t *out)
{
    return look_up(ranks, positions, count, shift, out, 1);
}
#endif

static int
find_documents(const Ranks *ranks, const uint32_t *positions, Py_ssize_t count, uint32_t shift,
               uint32_t *out)
{
#if defined(__GNUC__) && defined(__x86_64__)
    if (has_popcnt) {
        return look_up_with_popcnt(ranks, positions, count, shift, out);
    }
    return look_up(ranks, positions, count, shift, out, 0);
#else
    /* Elsewhere, the compiler chooses a fast way, or bits_of counts without a builtin. */
    return look_up(ranks, positions, count, shift, out, 1);
#endif
}

/* Number of positions whose documents are looked up at a time. */
enum { CHUNK = 256 };

static PyObject *
documents_at(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    Ranks ranks;
    if (!PyArg_ParseTuple(args, "y*y*y*w*:documents_at", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3])) {
        return NULL;
    }
    Py_ssize_t count = LENGTH(buffers[0], uint32_t);
    int fits = ranks_fit(&ranks, &buffers[1], &buffers[2]) &&
               LENGTH(buffers[3], uint32_t) == count &&
               find_documents(&ranks, ITEMS(buffers[0], uint32_t), count, 0,
                              OUTPUT(buffers[3], uint32_t));
    release(buffers, 4);
    if (!fits) {
        return contradiction("the positions and the documents");
    }
    Py_RETURN_NONE;
}

static PyObject *
keep_inside(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[3];
    Ranks ranks;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "w*y*y*n:keep_inside", &buffers[0], &buffers[1], &buffers[2],
                          &length)) {
        return NULL;
    }
    uint32_t *positions = OUTPUT(buffers[0], uint32_t);
    Py_ssize_t count = LENGTH(buffers[0], uint32_t), kept = 0;
    int fits = ranks_fit(&ranks, &buffers[1], &buffers[2]) && length > 0 && length <= UINT32_MAX;
    uint32_t firsts[CHUNK], lasts[CHUNK];
    for (Py_ssize_t begin = 0; fits && begin < count; begin += CHUNK) {
        const uint32_t *chunk = positions + begin;
        Py_ssize_t size = count - begin < CHUNK ? count - begin : CHUNK;
        fits = find_documents(&ranks, chunk, size, 0, firsts) &&
               find_documents(&ranks, chunk, size, (uint32_t)(length - 1), lasts);
        for (Py_ssize_t i = 0; fits && i < size; i++) {
            positions[kept] = chunk[i];
            kept += firsts[i] == lasts[i];
        }
    }
    release(buffers, 3);
    if (!fits) {
        return contradiction("the positions and the documents");
    }
    return PyLong_FromSsize_t(kept);
}

static PyObject *
find_spans(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[6];
    Ranks ranks;
    Py_ssize_t length, found = 0;
    if (!PyArg_ParseTuple(args, "y*ny*y*y*w*w*:find_spans", &buffers[0], &length, &buffers[1],
                          &buffers[2], &buffers[3], &buffers[4], &buffers[5])) {
        return NULL;
    }
    const int64_t *bare = ITEMS(buffers[0], int64_t);
    const uint32_t *marks = ITEMS(buffers[1], uint32_t);
    int64_t *firsts = OUTPUT(buffers[4], int64_t), *lasts = OUTPUT(buffers[5], int64_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t), total = LENGTH(buffers[1], uint32_t);
    int fits = ranks_fit(&ranks, &buffers[2], &buffers[3]) && length > 0 && length <= UINT32_MAX &&
               LENGTH(buffers[4], int64_t) >= count && LENGTH(buffers[5], int64_t) >= count;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        if (i > 0 && bare[i] == bare[i - 1]) {
            continue;
        }
        if (bare[i] < 0 || bare[i] > UINT32_MAX) {
            fits = 0;
            break;
        }
        int64_t first = bare[i] + marks_before(marks, total, bare[i]);
        int64_t last = bare[i] + length - 1;
        last += marks_before(marks, total, last);
        fits = first >= 0 && first <= last && last <= UINT32_MAX && last >> 5 < ranks.words;
        if (fits && last - first >= length) {
            uint32_t ends[2] = {(uint32_t)first, (uint32_t)last}, documents[2];
            find_documents(&ranks, ends, 2, 0, documents);
            firsts[found] = first;
            lasts[found] = last;
            found += documents[0] == documents[1];
        }
    }
    release(buffers, 6);
    if (!fits) {
        return contradiction("the positions and the documents");
    }
    return PyLong_FromSsize_t(found);
}

static PyObject *
count_documents(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[5];
    Ranks ranks;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*:count_documents", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3], &buffers[4])) {
        return NULL;
    }
    const uint32_t *positions = ITEMS(buffers[0], uint32_t);
    int64_t *documents = OUTPUT(buffers[3], int64_t);
    int64_t *counts = OUTPUT(buffers[4], int64_t);
    Py_ssize_t count = LENGTH(buffers[0], uint32_t), found = 0;
    int fits = ranks_fit(&ranks, &buffers[1], &buffers[2]) &&
               LENGTH(buffers[3], int64_t) >= count && LENGTH(buffers[4], int64_t) >= count;
    int64_t last = -1;
    uint32_t holders[CHUNK];
    for (Py_ssize_t begin = 0; fits && begin < count; begin += CHUNK) {
        Py_ssize_t size = count - begin < CHUNK ? count - begin : CHUNK;
        fits = find_documents(&ranks, positions + begin, size, 0, holders);
        for (Py_ssize_t i = 0; fits && i < size; i++) {
            if (holders[i] != last) {
                documents[found] = last = holders[i];
                counts[found++] = 1;
            }
            else {
                counts[found - 1]++;
            }
        }
    }
    release(buffers, 5);
    if (!fits) {
        contradiction("the positions and the documents");
        return NULL;
    }
    return PyLong_FromSsize_t(found);
}

static PyObject *
tally(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    Ranks ranks;
    if (!PyArg_ParseTuple(args, "y*y*y*w*:tally", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3])) {
        return NULL;
    }
    const uint32_t *positions = ITEMS(buffers[0], uint32_t);
    uint32_t *counts = OUTPUT(buffers[3], uint32_t);
    Py_ssize_t count = LENGTH(buffers[0], uint32_t), total = LENGTH(buffers[3], uint32_t);
    int fits = ranks_fit(&ranks, &buffers[1], &buffers[2]);
    uint32_t holders[CHUNK];
    for (Py_ssize_t begin = 0; fits && begin < count; begin += CHUNK) {
        Py_ssize_t size = count - begin < CHUNK ? count - begin : CHUNK;
        fits = find_documents(&ranks, positions + begin, size, 0, holders);
        for (Py_ssize_t i = 0; fits && i < size; i++) {
            fits = (Py_ssize_t)holders[i] < total;
            if (fits) {
                counts[holders[i]]++;
            }
        }
    }
    release(buffers, 4);
    if (!fits) {
        return contradiction("the positions and the documents");
    }
    Py_RETURN_NONE;
}

/* ---- Facets ---------------------------------------------------------------------------------- */

/* Counts of values, and the values whose count is not 0, in the order in which they were found. */
typedef struct {
    uint32_t *counts;
    uint32_t *found;
    Py_ssize_t values, room, number;
} Tally;

static inline int
add_to_tally(Tally *tally, uint64_t value, uint32_t times)
{
    if (value >= (uint64_t)tally->values) {
        return 0;
    }
    int is_first = tally->counts[value] == 0;
    tally->counts[value] += times;
    if (is_first) {
        if (tally->number >= tally->room) {
            return 0;
        }
        tally->found[tally->number++] = (uint32_t)value;
    }
    return 1;
}

static void
start_tally(Tally *tally, const Py_buffer *counts, const Py_buffer *found, Py_ssize_t number)
{
    tally->counts = OUTPUT(*counts, uint32_t);
    tally->found = OUTPUT(*found, uint32_t);
    tally->values = LENGTH(*counts, uint32_t);
    tally->room = LENGTH(*found, uint32_t);
    tally->number = number;
}

static PyObject *
count_report_values(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[6];
    Tally tally;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*w*:count_report_values", &buffers[0], &buffers[1],
                          &buffers[2], &buffers[3], &buffers[4], &buffers[5])) {
        return NULL;
    }
    const int64_t *documents = ITEMS(buffers[0], int64_t);
    const uint32_t *report_of = ITEMS(buffers[1], uint32_t);
    const uint32_t *starts = ITEMS(buffers[2], uint32_t);
    const uint32_t *values = ITEMS(buffers[3], uint32_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t), total = LENGTH(buffers[1], uint32_t);
    Py_ssize_t reports = LENGTH(buffers[2], uint32_t) - 1, size = LENGTH(buffers[3], uint32_t);
    Py_ssize_t distinct = 0;
    start_tally(&tally, &buffers[4], &buffers[5], 0);
    int fits = reports >= 0;
    for (Py_ssize_t i = 0; fits && i < count;) {
        if (documents[i] < 0 || documents[i] >= total) {
            fits = 0;
            break;
        }
        uint32_t report = report_of[documents[i]], times = 1;
        /* The documents of a report are adjacent. */
        for (i++; i < count && documents[i] >= 0 && documents[i] < total &&
                  report_of[documents[i]] == report;
             i++) {
            times++;
        }
        fits = (Py_ssize_t)report < reports && starts[report] <= starts[report + 1] &&
               (Py_ssize_t)starts[report + 1] <= size;
        for (uint32_t at = fits ? starts[report] : 0; fits && at < starts[report + 1]; at++) {
            fits = add_to_tally(&tally, values[at], times);
        }
        distinct++;
    }
    release(buffers, 6);
    if (!fits) {
        return contradiction("the documents and their facets");
    }
    return Py_BuildValue("(nn)", distinct, tally.number);
}

static PyObject *
count_document_values(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    Py_ssize_t first, number;
    Tally tally;
    if (!PyArg_ParseTuple(args, "y*y*nw*w*n:count_document_values", &buffers[0], &buffers[1], &first,
                          &buffers[2], &buffers[3], &number)) {
        return NULL;
    }
    const int64_t *documents = ITEMS(buffers[0], int64_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t);
    Py_ssize_t size = buffers[1].itemsize;
    int fits = is_integer(size) && first >= 0 && number >= 0;
    int64_t total = fits ? buffers[1].len / size : 0;
    start_tally(&tally, &buffers[2], &buffers[3], number);
    if (size == 1) {
        /* Few values: add to several tallies, so that an addition need not wait for the one before. */
        uint32_t few[4][256] = {{0}};
        const uint8_t *ordinals = ITEMS(buffers[1], uint8_t);
        for (Py_ssize_t i = 0; fits && i < count; i++) {
            fits = documents[i] >= 0 && documents[i] < total;
            if (fits) {
                few[i & 3][ordinals[documents[i]]]++;
            }
        }
        for (int value = 0; fits && value < 256; value++) {
            uint32_t times = few[0][value] + few[1][value] + few[2][value] + few[3][value];
            fits = times == 0 || (first < tally.values &&
                                  add_to_tally(&tally, (uint64_t)value + (uint64_t)first, times));
        }
        count = 0;
    }
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        fits = documents[i] >= 0 && documents[i] < total;
        if (fits) {
            uint64_t ordinal = number_at(buffers[1].buf, size, (Py_ssize_t)documents[i]);
            fits = ordinal < (uint64_t)tally.values &&
                   add_to_tally(&tally, ordinal + (uint64_t)first, 1);
        }
    }
    release(buffers, 4);
    if (!fits) {
        return contradiction("the documents and their facets");
    }
    return PyLong_FromSsize_t(tally.number);
}

static PyObject *
join_counted(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    if (!PyArg_ParseTuple(args, "y*y*y*y*:join_counted", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3])) {
        return NULL;
    }
    const char *content = (const char *)buffers[0].buf;
    const int64_t *starts = ITEMS(buffers[1], int64_t), *at = ITEMS(buffers[2], int64_t);
    const int64_t *counts = ITEMS(buffers[3], int64_t);
    Py_ssize_t texts = LENGTH(buffers[1], int64_t) - 1, count = LENGTH(buffers[2], int64_t);
    uint64_t size = 0;
    int fits = LENGTH(buffers[3], int64_t) == count;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        fits = at[i] >= 0 && at[i] < texts && counts[i] >= 0 && starts[at[i]] >= 0 &&
               starts[at[i]] <= starts[at[i] + 1] && starts[at[i] + 1] <= buffers[0].len;
        /* A number has at most 19 digits; a brace and a comma follow it. */
        size += fits ? (uint64_t)(starts[at[i] + 1] - starts[at[i]]) + 21 : 0;
        fits = fits && size < PY_SSIZE_T_MAX;
    }
    char *out = NULL;
    PyObject *joined = NULL;
    if (fits && (out = PyMem_Malloc((size_t)size + 1)) == NULL) {
        PyErr_NoMemory();
    }
    if (out != NULL) {
        char *to = out;
        for (Py_ssize_t i = 0; i < count; i++) {
            size_t length = (size_t)(starts[at[i] + 1] - starts[at[i]]);
            memcpy(to, content + starts[at[i]], length);
            to += length;
            char digits[20];
            int used = 0;
            int64_t number = counts[i];
            do {
                digits[used++] = (char)('0' + number % 10);
                number /= 10;
            } while (number > 0);
            while (used > 0) {
                *to++ = digits[--used];
            }
            *to++ = '}';
            *to++ = ',';
        }
        joined = PyBytes_FromStringAndSize(out, count ? to - out - 1 : 0);
        PyMem_Free(out);
    }
    release(buffers, 4);
    if (!fits) {
        return contradiction("the texts and their counts");
    }
    return joined;
}

/* ---- Texts ----------------------------------------------------------------------------------- */

enum { ESCAPE = 255 };

/* Decode `size` bytes to at most as many code points; return their number, or -1. */
static Py_ssize_t
decode(const uint8_t *content, Py_ssize_t size, const uint32_t *alphabet, Py_ssize_t letters,
       int singles, uint32_t *out)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_ssize_t index = content[i];
        uint32_t code;
        if (index == ESCAPE) {
            if (size - i < 4) {
                return -1;
            }
            code = (uint32_t)content[i + 1] | (uint32_t)content[i + 2] << 8 |
                   (uint32_t)content[i + 3] << 16;
            i += 3;
        }
        else {
            if (index >= singles) {
                if (++i == size) {
                    return -1;
                }
                index = singles + (index - singles) * 256 + content[i];
            }
            if (index >= letters) {
                return -1;
            }
            code = alphabet[index];
        }
        if (code > 0x10FFFF) {
            return -1;
        }
        out[count++] = code;
    }
    return count;
}

static PyObject *
decode_texts(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    int singles;
    if (!PyArg_ParseTuple(args, "y*y*y*iy*:decode_texts", &buffers[0], &buffers[1], &buffers[2],
                          &singles, &buffers[3])) {
        return NULL;
    }
    const uint8_t *content = ITEMS(buffers[0], uint8_t);
    const uint32_t *alphabet = ITEMS(buffers[2], uint32_t);
    const int64_t *at = ITEMS(buffers[3], int64_t);
    Py_ssize_t letters = LENGTH(buffers[2], uint32_t), count = LENGTH(buffers[3], int64_t);
    Py_ssize_t room = 0;
    uint32_t *codes = NULL;
    int fits = 1;
    /* The starts have four bytes each, or eight if the texts are longer than 4 GiB. */
    Py_ssize_t size = buffers[0].len >> 32 ? 8 : 4;
    Py_ssize_t texts = buffers[1].len / size - 1;
    PyObject *found = PyList_New(count);
    for (Py_ssize_t i = 0; found != NULL && i < count; i++) {
        fits = at[i] >= 0 && at[i] < texts;
        if (!fits) {
            break;
        }
        uint64_t begin = number_at(buffers[1].buf, size, at[i]);
        uint64_t end = number_at(buffers[1].buf, size, at[i] + 1);
        fits = begin <= end && end <= (uint64_t)buffers[0].len;
        if (!fits) {
            break;
        }
        Py_ssize_t length = (Py_ssize_t)(end - begin);
        if (length > room) {
            room = 2 * length;
            uint32_t *larger = PyMem_Realloc(codes, (size_t)room * sizeof *codes);
            if (larger == NULL) {
                PyErr_NoMemory();
                Py_CLEAR(found);
                break;
            }
            codes = larger;
        }
        length = decode(content + begin, length, alphabet, letters, singles, codes);
        fits = length >= 0;
        if (!fits) {
            break;
        }
        int order = -1; /* little-endian, without a mark of byte order */
        PyObject *text = PyUnicode_DecodeUTF32(codes == NULL ? "" : (const char *)codes,
                                               length * (Py_ssize_t)sizeof *codes,
                                               "surrogatepass", &order);
        if (text == NULL || PyList_SetItem(found, i, text) < 0) {
            Py_CLEAR(found);
        }
    }
    PyMem_Free(codes);
    release(buffers, 4);
    if (!fits) {
        Py_CLEAR(found);
        return contradiction("the arrays of texts");
    }
    return found;
}

static PyObject *
decode_codes(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[5];
    int singles;
    Py_ssize_t begin, total = 0;
    if (!PyArg_ParseTuple(args, "y*y*y*inw*w*:decode_codes", &buffers[0], &buffers[1], &buffers[2],
                          &singles, &begin, &buffers[3], &buffers[4])) {
        return NULL;
    }
    const uint8_t *content = ITEMS(buffers[0], uint8_t);
    const uint32_t *alphabet = ITEMS(buffers[2], uint32_t);
    uint32_t *codes = OUTPUT(buffers[3], uint32_t);
    int64_t *lengths = OUTPUT(buffers[4], int64_t);
    Py_ssize_t letters = LENGTH(buffers[2], uint32_t), room = LENGTH(buffers[3], uint32_t);
    Py_ssize_t count = LENGTH(buffers[4], int64_t), size = buffers[1].itemsize;
    Py_ssize_t texts = size == 4 || size == 8 ? buffers[1].len / size - 1 : -1;
    int fits = begin >= 0 && begin <= texts && count <= texts - begin;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        uint64_t first = number_at(buffers[1].buf, size, begin + i);
        uint64_t last = number_at(buffers[1].buf, size, begin + i + 1);
        /* A text has at most as many code points as bytes. */
        fits = first <= last && last <= (uint64_t)buffers[0].len &&
               last - first <= (uint64_t)(room - total);
        if (fits) {
            Py_ssize_t length = decode(content + first, (Py_ssize_t)(last - first), alphabet, letters,
                                       singles, codes + total);
            fits = length >= 0;
            lengths[i] = length;
            total += length;
        }
    }
    release(buffers, 5);
    if (!fits) {
        return contradiction("the arrays of texts");
    }
    return PyLong_FromSsize_t(total);
}

/* ---- Ranking --------------------------------------------------------------------------------- */

/* Return the first index from `at` on whose document is not less than `wanted`. */
static inline Py_ssize_t
gallop(const int64_t *documents, Py_ssize_t at, Py_ssize_t count, int64_t wanted)
{
    Py_ssize_t step = 1, low = at;
    while (at < count && documents[at] < wanted) {
        low = at + 1;
        at += step;
        step *= 2;
    }
    Py_ssize_t high = at < count ? at : count;
    while (low < high) {
        Py_ssize_t middle = (low + high) / 2;
        if (documents[middle] < wanted) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low;
}

/* Number of documents that are compared with others at a time; size of the table for them, and the
 * smallest number that it is used for. */
enum { TOGETHER = 1024, SPAN = 1 << 15, TABLE_FROM = 64 };

/* Documents that are compared with others, chunk by chunk. Both lists ascend. */
typedef struct {
    const int64_t *documents, *others;
    Py_ssize_t count, size;
    Py_ssize_t at, begin, after;  /* the chunk, and the others that may be in it */
    uint32_t *table;              /* for each document of a span, its place in the others, plus 1 */
    Py_ssize_t places[TOGETHER];  /* for each document of the chunk, its index in the others, or -1 */
} Matching;

static void
start_matching(Matching *matching, const Py_buffer *documents, const Py_buffer *others)
{
    matching->documents = ITEMS(*documents, int64_t);
    matching->others = ITEMS(*others, int64_t);
    matching->count = LENGTH(*documents, int64_t);
    matching->size = LENGTH(*others, int64_t);
    matching->at = matching->begin = matching->after = 0;
    matching->table = NULL;
}

/* Find the places of the chunk with a table; return 0 if the allocation fails or a list does not ascend.
 *
 * For lists of similar length, because a processor cannot predict which list to advance. */
static int
match_with_table(Matching *matching, Py_ssize_t size)
{
    if (matching->table == NULL) {
        matching->table = PyMem_Calloc(SPAN, sizeof *matching->table);
        if (matching->table == NULL) {
            return 0;
        }
    }
    const int64_t *documents = matching->documents + matching->at;
    const int64_t *others = matching->others + matching->begin;
    Py_ssize_t number = matching->after - matching->begin;
    uint64_t base = (uint64_t)documents[0];
    Py_ssize_t entered = 0;
    int is_inside = 1;
    while (entered < number && (uint64_t)others[entered] - base < SPAN) {
        matching->table[(uint64_t)others[entered] - base] = (uint32_t)entered + 1;
        entered++;
    }
    for (Py_ssize_t i = 0; i < size && is_inside; i++) {
        is_inside = (uint64_t)documents[i] - base < SPAN;
        uint32_t place = is_inside ? matching->table[(uint64_t)documents[i] - base] : 0;
        matching->places[i] = place ? matching->begin + place - 1 : -1;
    }
    for (Py_ssize_t i = 0; i < entered; i++) {
        matching->table[(uint64_t)others[i] - base] = 0;
    }
    return is_inside && entered == number;
}

/* Find the places of the next chunk; return its size, 0 after the last one. */
static Py_ssize_t
match_next(Matching *matching, Py_ssize_t before)
{
    matching->at += before;
    Py_ssize_t left = matching->count - matching->at;
    Py_ssize_t size = left < TOGETHER ? left : TOGETHER;
    if (size == 0) {
        return 0;
    }
    const int64_t *documents = matching->documents + matching->at, *others = matching->others;
    if (matching->documents == others && matching->count == matching->size) {
        for (Py_ssize_t i = 0; i < size; i++) {
            matching->places[i] = matching->at + i;
        }
        return size;
    }
    int64_t first = documents[0], last = documents[size - 1];
    Py_ssize_t begin = gallop(others, matching->after, matching->size, first);
    Py_ssize_t after = last < INT64_MAX ? gallop(others, begin, matching->size, last + 1) : matching->size;
    matching->begin = begin;
    matching->after = after;
    if (size >= TABLE_FROM && after - begin >= size / 8 && after - begin <= 8 * size &&
        (uint64_t)last - (uint64_t)first < SPAN && match_with_table(matching, size)) {
        return size;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        matching->places[i] = -1;
    }
    Py_ssize_t i = 0, j = begin;
    while (i < size && j < after) {
        if (documents[i] < others[j]) {
            i = gallop(documents, i, size, others[j]);
        }
        else if (others[j] < documents[i]) {
            j = gallop(others, j, after, documents[i]);
        }
        else {
            matching->places[i++] = j++;
        }
    }
    return size;
}

static PyObject *
add_bm25(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[5];
    double scale, base, weight;
    if (!PyArg_ParseTuple(args, "w*y*y*y*y*ddd:add_bm25", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3], &buffers[4], &scale, &base, &weight)) {
        return NULL;
    }
    double *scores = OUTPUT(buffers[0], double);
    const int64_t *documents = ITEMS(buffers[1], int64_t);
    const void *starts = buffers[4].buf;
    Matching matching;
    start_matching(&matching, &buffers[1], &buffers[2]);
    Py_ssize_t size = buffers[3].itemsize, width = buffers[4].itemsize;
    int fits = LENGTH(buffers[0], double) == matching.count &&
               size * matching.size == buffers[3].len && is_integer(size) &&
               (width == 4 || width == 8);
    Py_ssize_t total = fits ? buffers[4].len / width - 1 : 0, chunk = 0;
    while (fits && (chunk = match_next(&matching, chunk)) > 0) {
        for (Py_ssize_t i = 0; fits && i < chunk; i++) {
            if (matching.places[i] < 0) {
                continue;
            }
            int64_t document = documents[matching.at + i];
            if (document < 0 || document >= total) {
                fits = 0;
                break;
            }
            double frequency = (double)number_at(buffers[3].buf, size, matching.places[i]);
            uint64_t begin = number_at(starts, width, (Py_ssize_t)document);
            uint64_t end = number_at(starts, width, (Py_ssize_t)document + 1);
            double norm = (double)(int64_t)(end - begin) * scale;
            norm += base;
            double gained = frequency / (frequency + norm);
            gained *= weight;
            scores[matching.at + i] += gained;
        }
    }
    PyMem_Free(matching.table);
    release(buffers, 5);
    if (!fits) {
        return contradiction("the documents and their frequencies");
    }
    Py_RETURN_NONE;
}

static PyObject *
mark_common(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[3];
    if (!PyArg_ParseTuple(args, "y*y*w*:mark_common", &buffers[0], &buffers[1], &buffers[2])) {
        return NULL;
    }
    uint8_t *out = OUTPUT(buffers[2], uint8_t);
    Matching matching;
    start_matching(&matching, &buffers[0], &buffers[1]);
    int fits = buffers[2].len == matching.count;
    Py_ssize_t chunk = 0;
    while (fits && (chunk = match_next(&matching, chunk)) > 0) {
        for (Py_ssize_t i = 0; i < chunk; i++) {
            out[matching.at + i] = matching.places[i] >= 0;
        }
    }
    PyMem_Free(matching.table);
    release(buffers, 3);
    if (!fits) {
        return contradiction("the documents");
    }
    Py_RETURN_NONE;
}

static PyObject *
mark_below(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[5];
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*:mark_below", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3], &buffers[4])) {
        return NULL;
    }
    const int64_t *documents = ITEMS(buffers[0], int64_t), *starts = ITEMS(buffers[1], int64_t);
    const uint8_t *labels = ITEMS(buffers[2], uint8_t);
    const int64_t *term_documents = ITEMS(buffers[3], int64_t);
    uint8_t *out = OUTPUT(buffers[4], uint8_t);
    Py_ssize_t count = LENGTH(buffers[0], int64_t), size = LENGTH(buffers[1], int64_t);
    Py_ssize_t size_of_term = LENGTH(buffers[3], int64_t);
    int fits = buffers[4].len == count, has_phrase = 0;
    int64_t label = -1;
    Py_ssize_t group = 0, place = 0;
    for (Py_ssize_t i = 0; fits && i < count; i++) {
        /* The last group that does not begin after the document. */
        group = gallop(starts, group, size, documents[i] < INT64_MAX ? documents[i] + 1 : documents[i]);
        if (group == 0 || starts[group - 1] < 0 || starts[group - 1] >= buffers[2].len) {
            fits = 0;
            break;
        }
        if (starts[group - 1] != label) {
            label = starts[group - 1];
            place = gallop(term_documents, place, size_of_term, label);
            has_phrase = labels[label] && place < size_of_term && term_documents[place] == label;
        }
        out[i] |= has_phrase && label < documents[i];
    }
    release(buffers, 5);
    if (!fits) {
        return contradiction("the documents and their labels");
    }
    Py_RETURN_NONE;
}

/* Return the element of rank `rank`, from 0, of `count` numbers in descending order. Reorders them.
 *
 * C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4(7), 1961.
 */
static double
number_of_rank(double *numbers, Py_ssize_t count, Py_ssize_t rank)
{
    Py_ssize_t low = 0, high = count - 1;
    uint32_t random = 1;
    while (low < high) {
        /* A pivot that does not depend on the order of the numbers. */
        random = random * 1664525u + 1013904223u;
        double pivot = numbers[low + (Py_ssize_t)(random >> 8) % (high - low + 1)];
        Py_ssize_t i = low, j = high;
        while (i <= j) {
            while (numbers[i] > pivot) {
                i++;
            }
            while (numbers[j] < pivot) {
                j--;
            }
            if (i <= j) {
                double number = numbers[i];
                numbers[i++] = numbers[j];
                numbers[j--] = number;
            }
        }
        if (rank <= j) {
            high = j;
        }
        else if (rank >= i) {
            low = i;
        }
        else {
            break;
        }
    }
    return numbers[rank];
}

static PyObject *
best(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[2];
    Py_ssize_t wanted, stretch;
    double tolerance;
    if (!PyArg_ParseTuple(args, "y*nndw*:best", &buffers[0], &wanted, &stretch, &tolerance,
                          &buffers[1])) {
        return NULL;
    }
    const double *scores = ITEMS(buffers[0], double);
    int64_t *out = OUTPUT(buffers[1], int64_t);
    Py_ssize_t count = LENGTH(buffers[0], double), found = 0;
    int fits = LENGTH(buffers[1], int64_t) >= count && wanted >= 1 && stretch >= 1 &&
               wanted <= count / stretch;
    double *maxima = NULL;
    if (fits && (maxima = PyMem_Malloc((size_t)(count / stretch) * sizeof *maxima)) == NULL) {
        PyErr_NoMemory();
    }
    if (maxima != NULL) {
        Py_ssize_t stretches = count / stretch;
        for (Py_ssize_t at = 0; at < stretches; at++) {
            const double *own = scores + at * stretch;
            /* Two maxima, so that a comparison need not wait for the one before. */
            double highest = own[0], other = own[stretch - 1];
            for (Py_ssize_t i = 1; i + 1 < stretch; i += 2) {
                highest = own[i] > highest ? own[i] : highest;
                other = own[i + 1] > other ? own[i + 1] : other;
            }
            maxima[at] = other > highest ? other : highest;
        }
        double bound = number_of_rank(maxima, stretches, wanted - 1) - tolerance;
        PyMem_Free(maxima);
        for (Py_ssize_t i = 0; i < count; i++) {
            out[found] = i;
            found += scores[i] >= bound;
        }
    }
    release(buffers, 2);
    if (!fits) {
        return contradiction("the scores and the number of the best");
    }
    return maxima == NULL ? NULL : PyLong_FromSsize_t(found);
}

static PyObject *
align(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer buffers[4];
    if (!PyArg_ParseTuple(args, "y*y*y*w*:align", &buffers[0], &buffers[1], &buffers[2],
                          &buffers[3])) {
        return NULL;
    }
    Matching matching;
    start_matching(&matching, &buffers[2], &buffers[0]);
    Py_ssize_t size = buffers[1].itemsize, chunk = 0;
    int fits = size * matching.count == buffers[3].len && size * matching.size == buffers[1].len &&
               is_integer(size);
    const char *frequencies = (const char *)buffers[1].buf;
    char *out = (char *)buffers[3].buf;
    while (fits && (chunk = match_next(&matching, chunk)) > 0) {
        for (Py_ssize_t i = 0; i < chunk; i++, out += size) {
            if (matching.places[i] >= 0) {
                memcpy(out, frequencies + matching.places[i] * size, (size_t)size);
            }
            else {
                memset(out, 0, (size_t)size);
            }
        }
    }
    PyMem_Free(matching.table);
    release(buffers, 4);
    if (!fits) {
        return contradiction("the documents and their frequencies");
    }
    Py_RETURN_NONE;
}

/* ---- The module ------------------------------------------------------------------------------ */

static PyMethodDef functions[] = {
    {"add_bm25", add_bm25, METH_VARARGS, NULL},
    {"align", align, METH_VARARGS, NULL},
    {"best", best, METH_VARARGS, NULL},
    {"count_document_values", count_document_values, METH_VARARGS, NULL},
    {"count_documents", count_documents, METH_VARARGS, NULL},
    {"count_report_values", count_report_values, METH_VARARGS, NULL},
    {"decode_codes", decode_codes, METH_VARARGS, NULL},
    {"decode_texts", decode_texts, METH_VARARGS, NULL},
    {"documents_at", documents_at, METH_VARARGS, NULL},
    {"find_pairs", find_pairs, METH_VARARGS, NULL},
    {"find_spans", find_spans, METH_VARARGS, NULL},
    {"join_counted", join_counted, METH_VARARGS, NULL},
    {"keep_inside", keep_inside, METH_VARARGS, NULL},
    {"mark_below", mark_below, METH_VARARGS, NULL},
    {"mark_common", mark_common, METH_VARARGS, NULL},
    {"measure_widths", measure_widths, METH_VARARGS, NULL},
    {"pack", pack, METH_VARARGS, NULL},
    {"tally", tally, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, add_types},
    {0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "baocha_indexer.kernel._native",
    .m_methods = functions,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&module);
}
