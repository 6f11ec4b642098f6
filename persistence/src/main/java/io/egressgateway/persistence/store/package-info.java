/**
 * Where the journal is: which database, how Akka's JDBC plugin reaches it, and the tables it needs,
 * made or checked before the first entity starts. What a row's bytes mean is not known here.
 */
@NullMarked
package io.egressgateway.persistence.store;

import org.jspecify.annotations.NullMarked;
