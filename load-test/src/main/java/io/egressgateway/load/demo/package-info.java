/**
 * The user guide as a program: it builds a lab, does what the guide says, and believes only
 * packets. It knows the product by its API objects and by what the server outside sees, nothing
 * else.
 */
@NullMarked
package io.egressgateway.load.demo;

import org.jspecify.annotations.NullMarked;
