/**
 * What a benchmark found, as values, and how it is printed: as a table for people, as JSON for
 * programs. It measures nothing and knows no benchmark.
 */
@NullMarked
package io.egressgateway.load.bench.report;

import org.jspecify.annotations.NullMarked;
