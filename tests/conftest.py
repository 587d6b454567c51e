"""Property tests run the same examples everywhere, however busy the machine; torch takes one thread a process."""

import torch
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
torch.set_num_threads(1)
