/* The inner loops of searching, compiled. `plain.py` does the same with numpy, and describes it.
 *
 * Only the stable interface of Python 3.11 is used, so one build serves all later versions. Arrays
 * arrive through the buffer protocol. Every index that is read from a file is checked against the
 * length of its array: a file that contradicts itself raises ValueError and never reads beyond.
 *
 * Little-endian machines only, because the arrays of an index are little-endian. Elsewhere this file
 * is not compiled.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 128 };

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

/* ---- Packed lists ---------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_buffer arrays[5];
    int held;
    int is_ascending;
    Py_ssize_t blocks;
    Py_ssize_t words;
    const uint32_t *starts;
    const uint32_t *firsts;
    const uint32_t *offsets;
    const uint8_t *widths;
    const uint32_t *packed;
} Packed;

static void
packed_dealloc(PyObject *self)
{
    Packed *lists = (Packed *)self;
    PyTypeObject *type = Py_TYPE(self);
    release(lists->arrays, lists->held);
    freefunc free_it = (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_it(self);
    Py_DECREF(type);
}

static PyObject *
packed_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *sources[5];
    int is_ascending;
    if (keywords != NULL && PyDict_Size(keywords) > 0) {
        PyErr_SetString(PyExc_TypeError, "Packed takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "OOOOOp:Packed", &sources[0], &sources[1], &sources[2],
                          &sources[3], &sources[4], &is_ascending)) {
        return NULL;
    }
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Packed *lists = (Packed *)allocate(type, 0);
    if (lists == NULL) {
        return NULL;
    }
    lists->held = 0;
    for (int i = 0; i < 5; i++) {
        if (PyObject_GetBuffer(sources[i], &lists->arrays[i], PyBUF_SIMPLE) < 0) {
            Py_DECREF(lists);
            return NULL;
        }
        lists->held++;
    }
    lists->is_ascending = is_ascending;
    lists->starts = ITEMS(lists->arrays[0], uint32_t);
    lists->firsts = ITEMS(lists->arrays[1], uint32_t);
    lists->offsets = ITEMS(lists->arrays[2], uint32_t);
    lists->widths = ITEMS(lists->arrays[3], uint8_t);
    lists->packed = ITEMS(lists->arrays[4], uint32_t);
    lists->blocks = LENGTH(lists->arrays[3], uint8_t);
    lists->words = LENGTH(lists->arrays[4], uint32_t);
    if (LENGTH(lists->arrays[0], uint32_t) != lists->blocks + 1 ||
        LENGTH(lists->arrays[1], uint32_t) != lists->blocks ||
        LENGTH(lists->arrays[2], uint32_t) != lists->blocks) {
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

static PyObject *
packed_unpack(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_ssize_t begin, end;
    Py_buffer target;
    if (!PyArg_ParseTuple(args, "nnw*:unpack", &begin, &end, &target)) {
        return NULL;
    }
    uint32_t *out = OUTPUT(target, uint32_t);
    int fits = begin >= 0 && begin <= end && LENGTH(target, uint32_t) == end - begin &&
               (begin == end || (lists->blocks > 0 && end <= (Py_ssize_t)lists->starts[lists->blocks]));
    if (fits && begin < end) {
        uint32_t buffer[BLOCK];
        Py_ssize_t block = block_of(lists, (uint32_t)begin);
        Py_ssize_t at = begin;
        while (at < end) {
            Py_ssize_t block_begin = lists->starts[block], block_end = lists->starts[block + 1];
            if (at < block_begin || block_end <= at) {
                fits = 0;
                break;
            }
            int is_whole = at == block_begin && block_end <= end;
            if (unpack_block(lists, block, is_whole ? out : buffer) < 0) {
                fits = 0;
                break;
            }
            Py_ssize_t last = block_end < end ? block_end : end;
            if (!is_whole) {
                memcpy(out, buffer + (at - block_begin), (size_t)(last - at) * sizeof *out);
            }
            out += last - at;
            at = last;
            block++;
        }
    }
    PyBuffer_Release(&target);
    if (!fits) {
        return contradiction("the arrays of packed lists");
    }
    Py_RETURN_NONE;
}

static PyObject *
packed_contained(PyObject *self, PyObject *args)
{
    const Packed *lists = (const Packed *)self;
    Py_ssize_t begin, end;
    unsigned int shift;
    Py_buffer wanted, found;
    if (!PyArg_ParseTuple(args, "nny*Iw*:contained", &begin, &end, &wanted, &shift, &found)) {
        return NULL;
    }
    Py_ssize_t count = LENGTH(wanted, uint32_t);
    const uint32_t *values = ITEMS(wanted, uint32_t);
    uint8_t *out = OUTPUT(found, uint8_t);
    int fits = begin >= 0 && begin < end && lists->blocks > 0 && found.len == count &&
               end <= (Py_ssize_t)lists->starts[lists->blocks];
    if (fits) {
        uint32_t buffer[BLOCK];
        const Py_ssize_t first = block_of(lists, (uint32_t)begin);
        const Py_ssize_t after = block_of(lists, (uint32_t)(end - 1)) + 1;
        Py_ssize_t block = first, unpacked = -1;
        int size = 0, at = 0;
        for (Py_ssize_t i = 0; i < count; i++) {
            uint32_t value = values[i] + shift;
            if (value < lists->firsts[block]) {
                block = first;
            }
            /* Gallop to the last block whose first element is not greater. */
            Py_ssize_t step = 1, high = block + 1;
            while (high < after && lists->firsts[high] <= value) {
                block = high;
                high += step;
                step *= 2;
            }
            if (high > after) {
                high = after;
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
            if (block != unpacked) {
                size = unpack_block(lists, block, buffer);
                if (size < 0) {
                    fits = 0;
                    break;
                }
                unpacked = block;
                at = 0;
            }
            if (at >= size || buffer[at] > value) {
                at = 0;
            }
            while (at < size && buffer[at] < value) {
                at++;
            }
            out[i] = at < size && buffer[at] == value;
        }
    }
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&found);
    if (!fits) {
        return contradiction("the arrays of packed lists");
    }
    Py_RETURN_NONE;
}

static PyMethodDef packed_methods[] = {
    {"unpack", packed_unpack, METH_VARARGS, NULL},
    {"contained", packed_contained, METH_VARARGS, NULL},
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
    PyObject *type = PyType_FromModuleAndSpec(module, &packed_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int failed = PyModule_AddObjectRef(module, "Packed", type);
    Py_DECREF(type);
    return failed;
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

/* ---- The module ------------------------------------------------------------------------------ */

static PyMethodDef functions[] = {
    {"measure_widths", measure_widths, METH_VARARGS, NULL},
    {"pack", pack, METH_VARARGS, NULL},
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
