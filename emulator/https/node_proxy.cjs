// Preloaded into node by NODE_OPTIONS: connections go through the proxy that http_proxy and https_proxy name.
// Where node reads these variables by itself (NODE_USE_ENV_PROXY, from 22.21 and 24.5), it does so for fetch and for its
// default agents, and what is here is for the agents that programs make.
'use strict'
const http = require('http')
const https = require('https')
const net = require('net')
const tls = require('tls')
const { URL } = require('url')

const proxies = { 'http:': process.env.http_proxy, 'https:': process.env.https_proxy }
const exempted = (process.env.no_proxy || '').split(',').map(entry => entry.trim().toLowerCase()).filter(Boolean)

function isExempted (host) {
  host = String(host).toLowerCase().replace(/^\[|\]$/g, '')
  return exempted.some(entry => {
    const name = entry.replace(/^\*?\./, '')
    return entry === '*' || host === name || host.endsWith('.' + name)
  })
}

function proxyFor (protocol, host) {
  return proxies[protocol] && host && !isExempted(host) ? new URL(proxies[protocol]) : null
}

// A socket to host:port through the proxy, given to done(error, socket).
function tunnel (proxy, host, port, done) {
  const connect = http.request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port,
    method: 'CONNECT',
    path: (net.isIPv6(host) ? `[${host}]` : host) + ':' + port,
    agent: new DirectAgent()
  })
  connect.once('error', done)
  connect.once('connect', (answer, socket, head) => {
    if (answer.statusCode === 200) return done(null, socket)
    let text = String(head)
    socket.on('data', data => { text += data }).on('error', () => {})
    socket.once('close', () => done(new Error(`the proxy answered ${answer.statusCode}: ${text.trim()}`)))
  })
  connect.end()
}

// Connects to the proxy itself.
class DirectAgent extends http.Agent {
  createConnection (...given) { return net.createConnection(...given) }
}

function replaceConnection (agent, protocol, secure) {
  const original = agent.prototype.createConnection
  agent.prototype.createConnection = function (options, done) {
    const hasItsOwn = options.socketPath || (this.options && this.options.proxyEnv)
    const proxy = hasItsOwn ? null : proxyFor(protocol, options.host)
    if (!proxy) return original.call(this, options, done)
    tunnel(proxy, options.host, options.port, (error, socket) => {
      if (error || !secure) return done(error, socket)
      const encrypted = tls.connect({ ...options, socket })
      done(null, encrypted)
    })
  }
}

// A function that makes the connections of fetch.
function connectFetch ({ hostname, protocol, port, servername }, done) {
  const secure = protocol === 'https:'
  port = port || (secure ? 443 : 80)
  const finish = socket => {
    if (!secure) return done(null, socket)
    const encrypted = tls.connect({ socket, servername: servername || hostname, ALPNProtocols: ['http/1.1'] })
    encrypted.once('secureConnect', () => done(null, encrypted)).once('error', done)
  }
  const proxy = proxyFor(protocol, hostname)
  if (proxy) return tunnel(proxy, hostname, port, (error, socket) => error ? done(error) : finish(socket))
  const socket = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port })
  socket.once('connect', () => finish(socket)).once('error', done)
}

// The first fetch loads what makes its connections, which then gets the function above.
function replaceFetch () {
  const original = global.fetch
  if (!original) return
  global.fetch = function fetch (...given) {
    global.fetch = original
    const key = Symbol.for('undici.globalDispatcher.1')
    const found = global.Headers && global[key]
    if (found && found.constructor.name === 'Agent') global[key] = new found.constructor({ connect: connectFetch })
    return original(...given)
  }
}

replaceConnection(http.Agent, 'http:', false)
replaceConnection(https.Agent, 'https:', true)
const known = process.allowedNodeEnvironmentFlags
if (!known || !known.has('--use-env-proxy')) replaceFetch()
