"""What the counts allow to say: kernels that take arrays and give arrays, themes on the last axis."""
