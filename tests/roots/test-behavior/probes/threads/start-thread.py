"""A thread starts in ``threading``.

Nobody waits for it.
"""

import threading

threading.Thread(target=print).start()
