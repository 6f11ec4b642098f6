/**
 * The lab's processes: started in a namespace, watched, restarted, and found again after a killed
 * run. It knows commands and process ids, not what the processes are for.
 */
@NullMarked
package io.egressgateway.load.lab.process;

import org.jspecify.annotations.NullMarked;
