from baocha_indexer.kernel.plain import Packed as Packed
from baocha_indexer.kernel.plain import measure_widths as measure_widths
from baocha_indexer.kernel.plain import pack as pack
