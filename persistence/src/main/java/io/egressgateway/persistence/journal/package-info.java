/**
 * The bytes of the journal: a hand-written name and version for every event, and its fields as
 * JSON, so that a class may be renamed or moved and a row written years ago still reads. Nothing
 * here knows which database the rows are in, or what an event means.
 */
@NullMarked
package io.egressgateway.persistence.journal;

import org.jspecify.annotations.NullMarked;
