package dev.penstock.gateway.limits;

import dev.penstock.contracts.access.Limits;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.keyuse.UseLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the callers of one gateway process may take: the limits of a key or person, and those of
 * their tenant, each divided by the gateways that live. Safe from any thread.
 *
 * <p>An account that has recovered is forgotten: it is as a new one would be. So no more are kept
 * than took something in the last minute or so.
 */
public final class CallerLimits {
  private static final long SWEEP_NANOS = 1_000_000_000;
  private static final long FULL_WAIT_NANOS = 5_000_000_000L;

  private final Map<Account.Id, Account> accounts = new ConcurrentHashMap<>();
  private final AtomicLong sweptAt;
  private final LimitsConfig config;
  private final IntSupplier gateways;
  private final UseLedger ledger;
  private final Consumer<String> refused;
  private final LongSupplier clock;

  /** One account that a request takes from. */
  private record Claim(Account.Id id, Share share) {}

  /**
   * @param gateways that live, this one included
   * @param refused is told the word of the limit, for each request refused
   * @param clock as {@link System#nanoTime}
   */
  public CallerLimits(
      LimitsConfig config,
      IntSupplier gateways,
      UseLedger ledger,
      Consumer<String> refused,
      LongSupplier clock) {
    this.config = config;
    this.gateways = gateways;
    this.ledger = ledger;
    this.refused = refused;
    this.clock = clock;
    this.sweptAt = new AtomicLong(clock.getAsLong());
  }

  /**
   * Takes from all of a caller's accounts, or from none.
   *
   * @param prompt tokens of the prompt, as far as it is known
   * @param answer tokens of the least answer worth beginning
   */
  Decision admit(Caller caller, Admission admission, long prompt, long answer) {
    var need = prompt + answer;
    var entered = new ArrayList<Account>(2);
    for (var claim : claims(caller)) {
      var shortage =
          enter(claim, entered, account -> account.enter(claim.share(), prompt, need, now()));
      if (shortage.isPresent()) {
        entered.forEach(account -> account.leave(-need, true, now()));
        ledger.refused(caller);
        refused.accept(shortage.get().limit().word());
        return new Decision.Refused(shortage.get().failure());
      }
    }
    return new Decision.Granted(new Grant(admission, this, caller, entered, need));
  }

  /** Takes from a caller's accounts whatever is left; for what was granted elsewhere before. */
  Grant take(Caller caller, Admission admission) {
    var entered = new ArrayList<Account>(2);
    for (var claim : claims(caller)) {
      enter(
          claim,
          entered,
          account -> {
            account.enterAnyway(claim.share(), now());
            return Optional.empty();
          });
    }
    return new Grant(admission, this, caller, entered, 0);
  }

  /** What is left to a caller. */
  Standing standing(Caller caller) {
    var standing = Standing.UNLIMITED;
    for (var claim : claims(caller)) {
      var known = accounts.get(claim.id());
      var account = known == null ? new Account(claim.id(), claim.share(), now()) : known;
      standing = standing.tightest(account.standing(claim.share(), now()));
    }
    return standing;
  }

  /** The longest body of a caller's request; null for no limit of its own. */
  @Nullable Integer bodyBytes(Caller caller) {
    return least(caller, Limits::bodyBytes);
  }

  /** The longest answer a caller gets, in tokens; null for no limit. */
  @Nullable Integer outputTokens(Caller caller) {
    return least(caller, Limits::outputTokens);
  }

  UseLedger ledger() {
    return ledger;
  }

  long now() {
    return clock.getAsLong();
  }

  /** Accounts that are kept. */
  public int accounts() {
    return accounts.size();
  }

  private Optional<Shortage> enter(
      Claim claim, List<Account> entered, Function<Account, Optional<Shortage>> how) {
    sweepSometimes();
    if (accounts.size() >= config.callers() && !accounts.containsKey(claim.id())) {
      return Optional.of(new Shortage(Limit.CALLERS, claim.id().whose(), FULL_WAIT_NANOS));
    }
    var shortage = new AtomicReference<@Nullable Shortage>();
    // Within the map's own lock, so that no account is forgotten while something is taken from it.
    var account =
        accounts.compute(
            claim.id(),
            (id, known) -> {
              var each = known == null ? new Account(id, claim.share(), now()) : known;
              shortage.set(how.apply(each).orElse(null));
              return each;
            });
    var found = Optional.ofNullable(shortage.get());
    if (found.isEmpty()) {
      entered.add(account);
    }
    return found;
  }

  private void sweepSometimes() {
    var last = sweptAt.get();
    var now = now();
    if (now - last >= SWEEP_NANOS && sweptAt.compareAndSet(last, now)) {
      for (var id : accounts.keySet()) {
        accounts.computeIfPresent(id, (_, account) -> account.atRest(now) ? null : account);
      }
    }
  }

  private List<Claim> claims(Caller caller) {
    var own = caller.rights().limits();
    var tenants = config.tenants().get(caller.tenant());
    var limitsOwn = Share.counts(own);
    var limitsTenant = tenants != null && Share.counts(tenants);
    if (!limitsOwn && !limitsTenant) {
      return List.of();
    }
    var live = Math.max(1, gateways.getAsInt());
    var claims = new ArrayList<Claim>(2);
    if (limitsOwn) {
      claims.add(new Claim(id(caller), Share.of(own, live)));
    }
    if (tenants != null && limitsTenant) {
      var id = new Account.Id(Account.Kind.TENANT, caller.tenant(), "");
      claims.add(new Claim(id, Share.of(tenants, live)));
    }
    return claims;
  }

  private static Account.Id id(Caller caller) {
    var key = caller.rights().key();
    return key != null
        ? new Account.Id(Account.Kind.KEY, caller.tenant(), key)
        : new Account.Id(
            Account.Kind.PERSON, caller.tenant(), Objects.requireNonNullElse(caller.user(), ""));
  }

  private @Nullable Integer least(Caller caller, Function<Limits, @Nullable Integer> limit) {
    return Stream.of(
            caller.rights().limits(), config.tenants().getOrDefault(caller.tenant(), Limits.NONE))
        .map(limit)
        .filter(Objects::nonNull)
        .min(Integer::compare)
        .orElse(null);
  }
}
