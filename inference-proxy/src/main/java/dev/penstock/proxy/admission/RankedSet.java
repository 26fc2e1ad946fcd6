package dev.penstock.proxy.admission;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A sorted set that knows the rank of its elements: adding, removing and asking for a rank take
 * O(log n) steps on average (a treap with sizes; Seidel and Aragon, 1996).
 *
 * <p>What elements compare by may change as long as their order among each other does not.
 */
final class RankedSet<T> implements Iterable<T> {
  private final Comparator<? super T> order;
  private final SplittableRandom heats = new SplittableRandom(1);
  private @Nullable Node<T> root;

  private static final class Node<T> {
    final T value;
    final int heat;
    @Nullable Node<T> left;
    @Nullable Node<T> right;
    int size = 1;

    Node(T value, int heat) {
      this.value = value;
      this.heat = heat;
    }

    Node<T> sized() {
      size = 1 + sizeOf(left) + sizeOf(right);
      return this;
    }
  }

  /** The two parts of a tree on either side of a value. */
  private record Parts<T>(@Nullable Node<T> before, @Nullable Node<T> from) {}

  RankedSet(Comparator<? super T> order) {
    this.order = order;
  }

  int size() {
    return sizeOf(root);
  }

  /** Adds what is not in the set. */
  void add(T value) {
    var parts = split(root, value);
    root = merge(merge(parts.before(), new Node<>(value, heats.nextInt())), parts.from());
  }

  /** Returns whether it was in the set. */
  boolean remove(T value) {
    var before = size();
    root = without(root, value);
    return size() < before;
  }

  /** How many elements come before {@code value}, whether or not it is in the set. */
  int rank(T value) {
    var rank = 0;
    var at = root;
    while (at != null) {
      if (order.compare(at.value, value) < 0) {
        rank += sizeOf(at.left) + 1;
        at = at.right;
      } else {
        at = at.left;
      }
    }
    return rank;
  }

  /** The element with so many before it. */
  T get(int rank) {
    var at = root;
    var left = rank;
    while (at != null) {
      var before = sizeOf(at.left);
      if (left == before) {
        return at.value;
      }
      at = left < before ? at.left : at.right;
      left = left < before ? left : left - before - 1;
    }
    throw new IndexOutOfBoundsException(rank);
  }

  /** In order; the set must not change meanwhile. */
  @Override
  public Iterator<T> iterator() {
    var path = new ArrayDeque<Node<T>>();
    descend(root, path);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return !path.isEmpty();
      }

      @Override
      public T next() {
        if (path.isEmpty()) {
          throw new NoSuchElementException();
        }
        var node = path.pop();
        descend(node.right, path);
        return node.value;
      }
    };
  }

  private static <T> void descend(@Nullable Node<T> from, Deque<Node<T>> path) {
    for (var at = from; at != null; at = at.left) {
      path.push(at);
    }
  }

  private Parts<T> split(@Nullable Node<T> tree, T value) {
    if (tree == null) {
      return new Parts<>(null, null);
    }
    if (order.compare(tree.value, value) < 0) {
      var parts = split(tree.right, value);
      tree.right = parts.before();
      return new Parts<>(tree.sized(), parts.from());
    }
    var parts = split(tree.left, value);
    tree.left = parts.from();
    return new Parts<>(parts.before(), tree.sized());
  }

  private static <T> @Nullable Node<T> merge(@Nullable Node<T> first, @Nullable Node<T> second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    if (first.heat > second.heat) {
      first.right = merge(first.right, second);
      return first.sized();
    }
    second.left = merge(first, second.left);
    return second.sized();
  }

  private @Nullable Node<T> without(@Nullable Node<T> tree, T value) {
    if (tree == null) {
      return null;
    }
    var comparison = order.compare(value, tree.value);
    if (comparison == 0) {
      return merge(tree.left, tree.right);
    }
    if (comparison < 0) {
      tree.left = without(tree.left, value);
    } else {
      tree.right = without(tree.right, value);
    }
    return tree.sized();
  }

  private static int sizeOf(@Nullable Node<?> tree) {
    return tree == null ? 0 : tree.size;
  }
}
