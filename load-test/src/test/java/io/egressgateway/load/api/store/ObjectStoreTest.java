package io.egressgateway.load.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ObjectStoreTest {
  private final ObjectStore store = new ObjectStore();
  private final List<String> seen = new ArrayList<>();

  private void record(StoreEvent event) {
    seen.add(event.getClass().getSimpleName() + " " + event.object().key().name());
  }

  private static ObjectKey key(String name) {
    return new ObjectKey("things", "default", name);
  }

  private StoredObject put(String name) {
    return store.put(key(name), Json.object());
  }

  @Test
  void aWatchResumesWhereItWas() throws ObjectStore.RevisionGoneException {
    put("a");
    long since = put("b").revision();
    put("c");
    put("b");
    store.remove(key("a"));
    ObjectStore.Subscription watch = store.watch("things", since, this::record);
    put("d");
    watch.cancel();
    put("e");
    assertThat(seen).containsExactly("Added c", "Modified b", "Deleted a", "Added d");
  }

  @Test
  void aWatchFromNowBeginsWithWhatIsThere() {
    put("b");
    put("a");
    store.watchFromNow("things", this::record);
    put("a");
    assertThat(seen).containsExactly("Added a", "Added b", "Modified a");
  }

  @Test
  void aRevisionThatIsForgottenIsGone() {
    long since = put("a").revision();
    for (int i = 0; i <= ObjectStore.EVENTS_KEPT_MAX; i++) {
      put("a");
    }
    assertThatThrownBy(() -> store.watch("things", since, this::record))
        .isInstanceOf(ObjectStore.RevisionGoneException.class);
    assertThat(seen).isEmpty();
  }

  @Test
  void listsOneNamespaceInOrder() {
    put("b");
    put("a");
    store.put(new ObjectKey("things", "default2", "c"), Json.object());
    store.put(new ObjectKey("others", "default", "d"), Json.object());
    assertThat(store.list("things", Selection.everything(Optional.of("default"))).objects())
        .extracting(object -> object.key().name())
        .containsExactly("a", "b");
    assertThat(store.list("things", Selection.everything(Optional.empty())).objects()).hasSize(3);
  }

  @Test
  void knowsTheDependents() {
    ObjectNode owned = Json.object();
    Json.array(Json.metadata(owned), "ownerReferences").addObject().put("uid", "u");
    store.put(key("a"), owned);
    assertThat(store.dependentsOf("u")).containsExactly(key("a"));
    put("a");
    assertThat(store.dependentsOf("u")).isEmpty();
  }
}
