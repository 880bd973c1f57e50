"""JAX's losses of the architectures, each in several forms of which the fastest is kept."""

import functools

import jax
import jax.numpy as jnp
from jax import lax


def cross_entropy(scores, t):
    log = jax.nn.log_softmax(scores)
    return -jnp.mean(jnp.take_along_axis(log, t[..., None], axis=-1))


def pooled_by_window(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def pooled_by_shape(x):
    rows, height, width, channels = x.shape
    return x.reshape(rows, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))


def convolutional(pooled, case, parameters, x, t):
    k1, b1, k2, b2, w3, b3, w4, b4 = parameters
    for kernel, bias in ((k1, b1), (k2, b2)):
        x = lax.conv_general_dilated(
            x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = pooled(jax.nn.relu(x + bias))
    x = jax.nn.relu(x.reshape(x.shape[0], -1) @ w3 + b3)
    return cross_entropy(x @ w4 + b4, t)


def recurrent(unroll, case, parameters, x, t):
    into, back, bias, w, b = parameters
    nets = jnp.swapaxes(x @ into + bias, 0, 1)
    zero = jnp.zeros((x.shape[0], case.units), x.dtype)

    def cell(state, net):
        h, c = state
        i, f, g, o = jnp.split(net + h @ back, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), None

    (h, _), _ = lax.scan(cell, (zero, zero), nets, unroll=unroll)
    return cross_entropy(h @ w + b, t)


def normalized(x, scale, shift):
    mean = x.mean(axis=-1, keepdims=True)
    variance = jnp.square(x - mean).mean(axis=-1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * scale + shift


def attended_by_products(query, key, value):
    scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) * query.shape[-1] ** -0.5
    places = jnp.arange(query.shape[1])
    scores = jnp.where(places[:, None] >= places, scores, -jnp.inf)
    return jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), value)


def attended_by_jax(query, key, value):
    return jax.nn.dot_product_attention(query, key, value, is_causal=True)


def transformer(attended, case, parameters, x, t):
    p = iter(parameters)
    x = next(p)[x] + next(p)
    for _ in range(case.blocks):
        y = normalized(x, next(p), next(p)) @ next(p) + next(p)
        y = y.reshape(*y.shape[:2], 3, case.heads, -1)
        y = attended(y[:, :, 0], y[:, :, 1], y[:, :, 2]).reshape(x.shape)
        x = x + y @ next(p) + next(p)
        y = normalized(x, next(p), next(p)) @ next(p) + next(p)
        x = x + jax.nn.gelu(y, approximate=False) @ next(p) + next(p)
    x = normalized(x, next(p), next(p))
    return cross_entropy(x @ next(p) + next(p), t)


def losses(case):
    """The forms of a case's loss, by name. The last is the one that is usually fastest."""
    forms = {
        "cnn": {
            "reduce_window": functools.partial(convolutional, pooled_by_window),
            "pooled by shape": functools.partial(convolutional, pooled_by_shape)},
        "lstm": {
            "unrolled": functools.partial(recurrent, True),
            "scan by 4": functools.partial(recurrent, 4), "scan": functools.partial(recurrent, 1)},
        "transformer": {
            "jax.nn attention": functools.partial(transformer, attended_by_jax),
            "own attention": functools.partial(transformer, attended_by_products)},
    }[case.name]
    return {name: functools.partial(form, case) for name, form in forms.items()}
